import type { RpcErrorBody } from '@smcp/protocol';

/** Why a request is refused before anything is done with it, with the HTTP status that goes with it. */
export interface RequestFault extends RpcErrorBody {
  readonly status: number;
}
