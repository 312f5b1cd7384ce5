import { isJsonObject, type InputMethod, type JsonObject, type JsonValue } from '@smcp/protocol';

const ACTIONS = ['accept', 'decline', 'cancel'] as const;
const MAX_ROOTS = 1000;

/** What is wrong with the answer of a client to a question; undefined when it may go to the server. Looks at the shape only. */
export function answerFault(method: InputMethod, answer: JsonValue | undefined): string | undefined {
  if (!isJsonObject(answer)) {
    return `The answer to ${method} must be an object`;
  }
  return FAULTS[method](answer);
}

/** The word under which an answer is counted. */
export function actionOf(method: InputMethod, answer: JsonObject): string {
  const { action } = answer;
  return method === 'elicitation/create' && typeof action === 'string' ? action : 'answered';
}

const FAULTS: Readonly<Record<InputMethod, (answer: JsonObject) => string | undefined>> = {
  'elicitation/create': ({ action, content }) => {
    if (!ACTIONS.some((known) => known === action)) {
      return 'The answer to elicitation/create must have the action "accept", "decline" or "cancel"';
    }
    return content === undefined || isJsonObject(content)
      ? undefined
      : 'The content of the answer to elicitation/create must be an object';
  },
  'sampling/createMessage': ({ role, content }) =>
    typeof role === 'string' && typeof content === 'object' && content !== null
      ? undefined
      : 'The answer to sampling/createMessage must have a role and content',
  'roots/list': ({ roots }) =>
    Array.isArray(roots) && roots.length <= MAX_ROOTS && roots.every(isRoot)
      ? undefined
      : 'The answer to roots/list must have a list of roots with file: URIs',
};

function isRoot(root: unknown): boolean {
  const uri = isJsonObject(root) ? root['uri'] : undefined;
  return typeof uri === 'string' && uri.startsWith('file:') && URL.canParse(uri);
}
