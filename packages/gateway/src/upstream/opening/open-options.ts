import type { Dispatcher } from 'undici';
import type { LinkEvents } from '../link.ts';
import type { EraMemory } from './era-memory.ts';

export interface OpenOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly pool: Dispatcher;
  readonly eras: EraMemory;
  readonly events: LinkEvents;
  readonly signal?: AbortSignal | undefined;
}
