import { isJsonObject, type HandshakeVersion, type JsonObject, type JsonValue } from '@smcp/protocol';

const FIRST_WITH_ELICITATION: HandshakeVersion = '2025-06-18';
const FIRST_WITH_PAGES: HandshakeVersion = '2025-11-25';

/**
 * What a client declared in its handshake, in the form of MCP 2026-07-28, as far as it can be asked. What its version does not know does not count:
 * elicitation came with 2025-06-18, pages and tools for its model with 2025-11-25.
 */
export function askableCapabilities(declared: JsonObject, version: HandshakeVersion): JsonObject {
  const { elicitation, sampling, roots } = declared;
  const out: Record<string, JsonValue> = {};
  // Versions are dates, so they compare as text.
  if (isJsonObject(elicitation) && version >= FIRST_WITH_ELICITATION) {
    out['elicitation'] = modes(elicitation, version);
  }
  if (isJsonObject(sampling)) {
    out['sampling'] = version >= FIRST_WITH_PAGES ? objectsOf(sampling, ['tools', 'context']) : {};
  }
  if (isJsonObject(roots)) {
    out['roots'] = {};
  }
  return out;
}

/** `{}` means forms, as it did before there were modes. */
function modes(elicitation: JsonObject, version: HandshakeVersion): JsonObject {
  const declared = version >= FIRST_WITH_PAGES ? objectsOf(elicitation, ['form', 'url']) : {};
  return Object.keys(declared).length === 0 ? { form: {} } : declared;
}

function objectsOf(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const member = value[key];
      return isJsonObject(member) ? [[key, member]] : [];
    }),
  );
}

/** Whether a client with these capabilities, in the form of MCP 2026-07-28, can be asked this. */
export function canAsk(capabilities: JsonObject, method: string, params: JsonObject): boolean {
  const { elicitation, sampling, roots } = capabilities;
  switch (method) {
    case 'elicitation/create':
      return (
        isJsonObject(elicitation) && isJsonObject(elicitation[params['mode'] === 'url' ? 'url' : 'form'])
      );
    case 'sampling/createMessage':
      return isJsonObject(sampling) && (params['tools'] === undefined || isJsonObject(sampling['tools']));
    case 'roots/list':
      return roots !== undefined;
    default:
      return false;
  }
}
