import { isJsonObject, type JsonObject } from '@smcp/protocol';

interface Tapped {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}

/** Notes every message that arrives at a connected transport, before the client looks at it and drops what it does not know. */
export function tap(transport: Tapped, into: JsonObject[]): void {
  const original = transport.onmessage?.bind(transport);
  const onmessage = (message: never, extra?: never): void => {
    const arrived: unknown = message;
    if (isJsonObject(arrived)) into.push(arrived);
    original?.(message, extra);
  };
  Object.assign(transport, { onmessage });
}
