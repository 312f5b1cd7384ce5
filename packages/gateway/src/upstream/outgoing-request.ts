import { isJsonObject, type InputRequest, type JsonObject } from '@smcp/protocol';
import type { LogLevel } from './upstream.ts';

/** One request on its way to an upstream, whichever era that speaks. */
export interface OutgoingRequest {
  readonly method: string;
  /** Name of the tool or prompt, URI of the resource, or id of the task: what `Mcp-Name` repeats. Undefined for methods that have none. */
  readonly name?: string | undefined;
  /**
   * Writes the message as JSON text on one line.
   *
   * @param id The id on this hop, which is also its progress token.
   * @param hop Members of `_meta` that the era of the upstream wants on this hop; empty for an upstream with a handshake.
   */
  encode(id: number, hop: JsonObject): string;
  /** `Mcp-Param-*` headers by the marks of the tool's schema. Asked for only when the upstream is modern and reached over HTTP. */
  paramHeaders?(): Readonly<Record<string, string>>;
}

/** The client behind one request, as far as a server may know of it and ask it. */
export interface ClientFacts {
  /** Capabilities in the form of MCP 2026-07-28, already cut to what this server may use. */
  readonly capabilities: JsonObject;
  /** Level from which log messages are wanted with this call; absent: none, to a modern upstream. */
  readonly logLevel?: LogLevel | undefined;
  /** Equal for calls that the same client answers for, and for no others. */
  readonly asker: string;
  /**
   * Puts a question of a handshake-era server, asked in the middle of this call, to the client. Rejects when it cannot be put or is not answered; the
   * server then gets an error. While it waits, the deadline of the call stands still.
   */
  readonly ask?: ((request: InputRequest, signal: AbortSignal) => Promise<JsonObject>) | undefined;
}

/** A request of the gateway itself. */
export function ownRequest(method: string, params: JsonObject, name?: string): OutgoingRequest {
  return {
    method,
    name,
    encode: (id, hop) => {
      const own = params['_meta'];
      const meta = { ...(isJsonObject(own) ? own : {}), ...hop };
      const whole = Object.keys(meta).length === 0 ? params : { ...params, _meta: meta };
      return JSON.stringify({ jsonrpc: '2.0', id, method, params: whole });
    },
  };
}
