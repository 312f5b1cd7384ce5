/**
 * How to reach one server for one partition of callers. Everything that depends on the caller's credential is already in it, so that two callers
 * with different specs never share a connection.
 */
export type UpstreamSpec = HttpSpec | StdioSpec;

/** A way in which a server with a handshake asks clients something in the middle of a call. */
export type MayAsk = 'elicitation' | 'sampling' | 'roots';

interface SpecBase {
  readonly server: string;
  /** `auto`: found out when it is reached. */
  readonly era: 'auto' | 'modern' | 'handshake';
  /** What the server may ask of clients. */
  readonly mayAsk: readonly MayAsk[];
  readonly startTimeoutMs: number;
  readonly maxResultBytes: number;
  readonly idleMs: number;
}

export interface HttpSpec extends SpecBase {
  readonly kind: 'http';
  readonly url: URL;
  readonly transport: 'auto' | 'http' | 'sse';
  readonly headers: Readonly<Record<string, string>>;
}

export interface StdioSpec extends SpecBase {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}
