import type { EraClient } from '../client/era-client.ts';

export interface Meeting {
  readonly client: EraClient;
  /** Name under which a tool or prompt of the server is offered to this client. */
  readonly named: (name: string) => string;
  /** Connects a second client of the same kind. */
  readonly another: () => Promise<EraClient>;
}

/** One thing that a client and a server of whatever eras can do together. */
export interface Feature {
  readonly name: string;
  /** Also to be shown where several servers share an endpoint and names are different there. */
  readonly joined?: boolean;
  /** Rejects when it does not work. */
  readonly show: (meeting: Meeting) => Promise<void>;
}

/** The text of the first block of a tool's result. */
export function textOf(result: { readonly [key: string]: unknown }): unknown {
  const { content } = result as { content?: { text?: unknown }[] };
  return content?.[0]?.text;
}
