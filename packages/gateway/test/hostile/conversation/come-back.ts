import type { RpcBody } from '../../helpers/mcp-client.ts';

export type Answered = RpcBody & { readonly status?: number };

export const ACCEPT_NAME = { name: { action: 'accept', content: { name: 'Ada' } } };

/** The sealed state of an answer that asks for something. */
export function stateOf({ result, error }: Answered): string {
  const state = result?.['requestState'];
  if (result?.['resultType'] !== 'input_required' || typeof state !== 'string') {
    throw new Error(`Expected a question, found ${JSON.stringify(error ?? result)}`);
  }
  return state;
}

/** Ids of what an answer asks for. */
export function asksFor({ result }: Answered): readonly string[] {
  return Object.keys(result?.['inputRequests'] ?? {});
}

export function textOf({ result, error }: Answered): unknown {
  const content = (result?.['content'] ?? []) as readonly { readonly text?: string }[];
  return content[0]?.text ?? error;
}

/** Another text of the same length that differs in one character, in the middle. */
export function changed(text: string): string {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}
