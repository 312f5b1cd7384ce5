import type { Exchange } from './exchange.ts';
import type { UpstreamError } from './upstream-error.ts';

/** What a transport tells its channel. No method may throw. */
export interface TransportEvents {
  /**
   * One message arrived, as JSON text. `relatedId` is the request on whose own answer stream it came, when the transport has such streams.
   */
  message(text: string, relatedId?: number): void;
  /** The answer to this request was over the limit and has been dropped. */
  tooLarge(id: number): void;
  /** The way is gone for good: no message will come or can be sent any more. Called at most once, never after `dispose`. */
  close(error: UpstreamError): void;
}

/** `handed-over`: the answer comes by itself, if ever; `ended`: whatever was to come for this message has come. */
export type SendResult = 'handed-over' | 'ended';

/**
 * A way to carry JSON-RPC messages to one upstream server and back.
 *
 * `send` of a request may stay pending until its answer has arrived (HTTP) or end at hand-over (stdio); it rejects with an `UpstreamError` that
 * says whether the message may have been acted upon. When the exchange is aborted, whatever is still open for the message ends, and with it `send`. A
 * transport owns what it started: after `dispose` no process, socket or timer of it is left.
 */
export interface Transport extends AsyncDisposable {
  /** May take for ever: whoever waits sets the deadline, and disposes to end it. */
  open(events: TransportEvents): Promise<void>;
  send(text: string, exchange: Exchange): Promise<SendResult>;
  /** Called once, as soon as the protocol version is agreed. */
  ready(protocolVersion: string): void;
  /** Called once after the handshake: from now on the server may be asked for what it says on its own. */
  listen(): void;
  /** The newest words of the server about itself (standard error), for people; empty when there are none. */
  diagnosis(): string;
  /** Process id of the server, when it is a child of ours. */
  readonly pid?: number | undefined;
  /** True when a server learns that a call is cancelled by the end of its exchange, and wants to be told nothing else. */
  readonly cancelsByClosing?: boolean;
}
