import { classifyMessage, type ClassifiedMessage } from '@smcp/protocol';

// Deep nesting costs a server little, and whoever writes the value out again a stack overflow.
const MAX_DEPTH = 512;

/** Reads one message of a server. Undefined for a text that is no JSON; nesting deeper than 512 is an invalid message. Never throws. */
export function readMessage(text: string): ClassifiedMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const message = classifyMessage(value);
  // Each level takes two characters, so most texts need no look inside.
  if (text.length > 2 * MAX_DEPTH && message.kind !== 'invalid' && isDeeper(value, MAX_DEPTH)) {
    return {
      kind: 'invalid',
      reason: 'The message is nested too deeply',
      id: message.kind === 'response' ? message.id : null,
    };
  }
  return message;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
