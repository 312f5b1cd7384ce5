import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '@smcp/policy';
import type { View } from '../../view/index.ts';
import type { Endpoint } from './endpoint.ts';

/** A request of HTTP whose sender and endpoint are known, and that the sender may see the endpoint. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  /** The path, and what it names. */
  readonly endpoint: string;
  readonly place: Endpoint;
  readonly view: View;
}
