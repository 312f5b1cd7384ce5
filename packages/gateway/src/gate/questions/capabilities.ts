import {
  isJsonObject,
  TASKS_EXTENSION,
  type InputMethod,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';

/** What a server may ask clients for, as `may_ask` names it. */
export type Askable = 'elicitation' | 'sampling' | 'roots';

export const CAPABILITY_OF: Readonly<Record<InputMethod, Askable>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

const ASKABLE: readonly Askable[] = ['elicitation', 'sampling', 'roots'];

/**
 * Capabilities of a client as one server gets to know them: what the client declared and the server may ask for, and the tasks extension if declared.
 * Everything else describes the hop between the client and us. Other servers' context is never given, so that wish is taken out of `sampling`.
 *
 * @param declared In the form of MCP 2026-07-28.
 */
export function capabilitiesFor(declared: JsonObject, mayAsk: readonly Askable[]): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const name of ASKABLE) {
    const value = declared[name];
    if (isJsonObject(value) && mayAsk.includes(name)) {
      out[name] = name === 'sampling' ? without(value, 'context') : value;
    }
  }
  if (declaresTasks(declared)) {
    out['extensions'] = { [TASKS_EXTENSION]: {} };
  }
  return out;
}

/** Whether anything at all can be asked of a client with these capabilities. */
export function canBeAsked(capabilities: JsonObject): boolean {
  return ASKABLE.some((name) => capabilities[name] !== undefined);
}

export function declaresTasks(capabilities: JsonObject): boolean {
  const extensions = capabilities['extensions'];
  return isJsonObject(extensions) && isJsonObject(extensions[TASKS_EXTENSION]);
}

/** The same capabilities with the tasks extension, for a server whose tasks the gateway itself sees to. */
export function withTasks(capabilities: JsonObject): JsonObject {
  const extensions = capabilities['extensions'];
  return {
    ...capabilities,
    extensions: { ...(isJsonObject(extensions) ? extensions : {}), [TASKS_EXTENSION]: {} },
  };
}

/** Whether a client shows forms; one that declares no mode at all shows forms, as before there were modes. */
export function elicitsForms(capabilities: JsonObject): boolean {
  const elicitation = capabilities['elicitation'];
  return (
    isJsonObject(elicitation) && (isJsonObject(elicitation['form']) || !isJsonObject(elicitation['url']))
  );
}

export function elicitsUrls(capabilities: JsonObject): boolean {
  const elicitation = capabilities['elicitation'];
  return isJsonObject(elicitation) && isJsonObject(elicitation['url']);
}

/** The members of `required` that `capabilities` lack; undefined when they lack none. Settings count only as far as they are objects with members. */
export function lackingIn(capabilities: JsonObject, required: JsonObject): JsonObject | undefined {
  const lacking: Record<string, JsonValue> = {};
  for (const [key, want] of Object.entries(required)) {
    const have = capabilities[key];
    if (!isJsonObject(have)) {
      lacking[key] = want;
    } else if (isJsonObject(want)) {
      const inner = lackingIn(have, want);
      if (inner !== undefined && !isImplied(key, have, inner)) {
        lacking[key] = inner;
      }
    }
  }
  return Object.keys(lacking).length === 0 ? undefined : lacking;
}

/** `elicitation: {}` means forms. */
function isImplied(key: string, have: JsonObject, inner: JsonObject): boolean {
  return (
    key === 'elicitation' &&
    Object.keys(inner).every((mode) => mode === 'form') &&
    elicitsForms({ elicitation: have })
  );
}

function without(object: JsonObject, key: string): JsonObject {
  return object[key] === undefined
    ? object
    : Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
