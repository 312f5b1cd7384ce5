import type { RoundFigures } from '../figures.ts';
import type { Endpoint } from './bench-client.ts';

/** What the load generator can be told to do. A case is a number of clients at one endpoint; its sessions stay open from round to round. */
export type Job =
  | { readonly kind: 'open'; readonly name: string; readonly endpoint: Endpoint; readonly clients: number }
  | { readonly kind: 'run'; readonly name: string; readonly ms: number }
  /** Opens sessions that each make one call, keep their stream and drop the connection for requests. */
  | { readonly kind: 'hold'; readonly name: string; readonly endpoint: Endpoint; readonly sessions: number }
  | { readonly kind: 'close'; readonly name: string };

export type JobAnswer =
  | { readonly ok: true; readonly figures?: RoundFigures | undefined }
  | { readonly ok: false; readonly message: string };
