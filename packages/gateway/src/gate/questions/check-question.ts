import {
  HOP_PREFIX,
  isInputMethod,
  isJsonObject,
  type InputMethod,
  type InputRequest,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import { CAPABILITY_OF, elicitsForms, elicitsUrls } from './capabilities.ts';
import type { PageRule } from './page-hosts.ts';
import { asksForSecret } from './secret-wishes.ts';

/** What holds for the questions of one server to one client. */
export interface QuestionRules {
  readonly server: string;
  /** What the client declared. */
  readonly declared: JsonObject;
  /** What of it the server may use. */
  readonly capabilities: JsonObject;
  readonly mayShowPage: PageRule;
  /** Whether the text for the user begins with the name of the server. */
  readonly label: boolean;
}

/**
 * - `decline` it is answered for the client with a refusal, since nobody should be asked this
 * - `missing` the client did not declare what it takes; `required` says what that is
 * - `forbidden` the client could, but the operator does not let this server ask it
 * - `malformed` it is no question
 */
export type CheckedQuestion =
  | { readonly ok: true; readonly request: InputRequest }
  | {
      readonly ok: false;
      readonly why: 'decline' | 'missing' | 'forbidden' | 'malformed';
      readonly method: string;
      readonly reason: string;
      readonly required?: JsonObject;
    };

/** Longest question as JSON. */
export const MAX_QUESTION_CHARS = 256 * 1024;
/** Key in `_meta` of a question that names the server which asks it. */
const SERVER_KEY = 'smcp/server';
/** Key in `_meta` of a question that names it as one of ours, for an approval. No server may say so of its own. */
export const APPROVAL_KEY = 'smcp/approval';

/**
 * Looks at a question of a server before a client sees it (A20, A21): whether it may be asked, and what of it is passed on. A form that asks for secrets and
 * a page at a foreign host are declined; wishes for other servers' context are taken out.
 */
export function checkQuestion(question: unknown, rules: QuestionRules): CheckedQuestion {
  const { method, params = {} } = isJsonObject(question) ? question : {};
  if (!isInputMethod(method) || !isJsonObject(params)) {
    const shown = typeof method === 'string' ? method.slice(0, 64) : '';
    return { ok: false, why: 'malformed', method: shown, reason: 'It is no question that MCP knows' };
  }
  const absent = absence(method, params, rules);
  if (absent !== undefined) {
    return absent;
  }
  if (JSON.stringify(params).length > MAX_QUESTION_CHARS) {
    return refused(method, `It has more than ${MAX_QUESTION_CHARS} characters`);
  }
  const reason = method === 'elicitation/create' ? elicitationFault(params, rules) : undefined;
  return reason === undefined
    ? { ok: true, request: { method, params: passedOn(method, params, rules) } }
    : refused(method, reason);
}

function refused(method: InputMethod, reason: string): CheckedQuestion {
  // Only a form or a page can be declined; there is no such answer to the others.
  return { ok: false, why: method === 'elicitation/create' ? 'decline' : 'malformed', method, reason };
}

function absence(
  method: InputMethod,
  params: JsonObject,
  { declared, capabilities }: QuestionRules,
): CheckedQuestion | undefined {
  const isGiven = GIVEN[method];
  if (isGiven(params, capabilities)) {
    return undefined;
  }
  const name = CAPABILITY_OF[method];
  return isGiven(params, declared)
    ? { ok: false, why: 'forbidden', method, reason: `Setting may_ask does not name ${name}` }
    : {
        ok: false,
        why: 'missing',
        method,
        reason: `The client did not declare ${name}`,
        required: REQUIRED[method](params),
      };
}

const GIVEN: Readonly<Record<InputMethod, (params: JsonObject, capabilities: JsonObject) => boolean>> = {
  'elicitation/create': ({ mode }, capabilities) =>
    mode === 'url' ? elicitsUrls(capabilities) : elicitsForms(capabilities),
  'sampling/createMessage': ({ tools }, { sampling }) =>
    isJsonObject(sampling) && (tools === undefined || isJsonObject(sampling['tools'])),
  'roots/list': (_params, { roots }) => isJsonObject(roots),
};

const REQUIRED: Readonly<Record<InputMethod, (params: JsonObject) => JsonObject>> = {
  'elicitation/create': ({ mode }) => ({ elicitation: mode === 'url' ? { url: {} } : { form: {} } }),
  'sampling/createMessage': ({ tools }) => ({ sampling: tools === undefined ? {} : { tools: {} } }),
  'roots/list': () => ({ roots: {} }),
};

function elicitationFault(params: JsonObject, { mayShowPage }: QuestionRules): string | undefined {
  const { mode = 'form' } = params;
  if (mode !== 'form' && mode !== 'url') {
    // A client may take it for one of the two, which nothing here has looked at.
    return 'It has a mode that MCP does not know';
  }
  if (mode === 'url') {
    return mayShowPage(params['url'])
      ? undefined
      : 'It leads to a page that is not over https, or whose host is neither that of the server nor in elicitation_hosts';
  }
  return asksForSecret(params) ? 'It asks the user for a secret' : undefined;
}

/** Members of a handshake-era question that speak of that hop, or of what no client of ours is to give. */
const DROPPED: Readonly<Record<InputMethod, ReadonlySet<string>>> = {
  'elicitation/create': new Set(['task']),
  'sampling/createMessage': new Set(['task', 'includeContext']),
  'roots/list': new Set(),
};

function passedOn(method: InputMethod, params: JsonObject, { server, label }: QuestionRules): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(params)) {
    if (key !== '_meta' && !DROPPED[method].has(key)) {
      out[key] = value;
    }
  }
  if (label && typeof out['message'] === 'string') {
    out['message'] = `[${server}] ${out['message']}`;
  }
  out['_meta'] = { ...ownMeta(params['_meta']), [SERVER_KEY]: server };
  return out;
}

function ownMeta(meta: JsonValue | undefined): JsonObject {
  return isJsonObject(meta)
    ? Object.fromEntries(
        Object.entries(meta).filter(
          ([key]) => !key.startsWith(HOP_PREFIX) && key !== 'progressToken' && key !== APPROVAL_KEY,
        ),
      )
    : {};
}
