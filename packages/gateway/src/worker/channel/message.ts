/**
 * What travels between two processes of one gateway, one message on a line of JSON. `ask` wants one `value` or `error` with the same number, `tell` wants nothing.
 */
export type ChannelMessage =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly body: unknown }
  | { readonly kind: 'tell'; readonly name: string; readonly body: unknown }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: string; readonly message: string };

/** One line without its end. A body that is undefined comes back as null. */
export function formatMessage(message: ChannelMessage): string {
  switch (message.kind) {
    case 'ask':
      return JSON.stringify(['ask', message.id, message.name, message.body]);
    case 'tell':
      return JSON.stringify(['tell', message.name, message.body]);
    case 'value':
      return JSON.stringify(['value', message.id, message.value]);
    case 'error':
      break;
  }
  return JSON.stringify(['error', message.id, message.code, message.message]);
}

/** Reads one line; undefined when it is no message. */
export function ifChannelMessage(line: string): ChannelMessage | undefined {
  const parts = ifList(line);
  if (parts === undefined) {
    return undefined;
  }
  const [kind, first, second, third] = parts;
  if (kind === 'tell' && parts.length === 3 && typeof first === 'string') {
    return { kind, name: first, body: second };
  }
  if (!isId(first)) {
    return undefined;
  }
  if (kind === 'ask' && parts.length === 4 && typeof second === 'string') {
    return { kind, id: first, name: second, body: third };
  }
  if (kind === 'value' && parts.length === 3) {
    return { kind, id: first, value: second };
  }
  if (kind === 'error' && parts.length === 4 && typeof second === 'string' && typeof third === 'string') {
    return { kind, id: first, code: second, message: third };
  }
  return undefined;
}

function ifList(line: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
