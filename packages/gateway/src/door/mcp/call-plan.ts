import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from '../../catalog/index.ts';
import type { Caller } from '../../gate/index.ts';
import { actionKind, type Target, type View } from '../../view/index.ts';

/** What a request asks for, found in what its sender sees. */
export interface CallPlan {
  readonly kind: ListKind;
  /** What the sender called it. */
  readonly publicName: string;
  /** Undefined when the name leads nowhere. */
  readonly target: Target | undefined;
  /** Members of `params` in which the server is to read its own name. */
  readonly replace: ReadonlyMap<string, string> | undefined;
}

export type CallPlanResult =
  | { readonly ok: true; readonly plan: CallPlan }
  /** What is wrong with the parameters. */
  | { readonly ok: false; readonly fault: string };

/** Who asks, in which view, with which parameters. */
export interface Asking {
  readonly view: View;
  readonly caller: Caller;
  readonly params: JsonObject;
}

// What a caller asks for is recorded whole, so it must fit into a record.
const MAX_NAME_LENGTH = 1024;
const MAX_URI_LENGTH = 8192;

/** Finds out where a call goes; undefined for a method that is no call to a server. Does not decide whether it may be made. */
export function ifCallPlan(method: string, asking: Asking): Promise<CallPlanResult> | undefined {
  switch (method) {
    case 'tools/call':
      return planNamed(TOOLS, asking);
    case 'prompts/get':
      return planNamed(PROMPTS, asking);
    case 'resources/read':
      return planResource(asking);
    case 'completion/complete':
      return planCompletion(asking);
    default:
      return undefined;
  }
}

async function planNamed(kind: ListKind, asking: Asking): Promise<CallPlanResult> {
  const { name, arguments: values } = asking.params;
  if (typeof name !== 'string' || name === '') {
    return fault('Parameter "name" must be a non-empty string');
  }
  if (values !== undefined && !isJsonObject(values)) {
    return fault('Parameter "arguments" must be an object');
  }
  return await find(kind, name, asking, (target) => ['name', JSON.stringify(target)]);
}

/** Where reading or following a resource goes. */
export async function planResource(asking: Asking): Promise<CallPlanResult> {
  const { uri } = asking.params;
  if (typeof uri !== 'string' || uri === '') {
    return fault('Parameter "uri" must be a non-empty string');
  }
  return await find(RESOURCES, uri, asking, (target) => ['uri', JSON.stringify(target)]);
}

async function planCompletion(asking: Asking): Promise<CallPlanResult> {
  const given = asking.params['ref'];
  const ref = isJsonObject(given) ? given : {};
  const isPrompt = ref['type'] === 'ref/prompt';
  const key = isPrompt ? 'name' : 'uri';
  const asked = ref[key];
  if ((!isPrompt && ref['type'] !== 'ref/resource') || typeof asked !== 'string') {
    return fault('Parameter "ref" must name a prompt or a resource');
  }
  return await find(isPrompt ? PROMPTS : TEMPLATES, asked, asking, (target) => [
    'ref',
    JSON.stringify({ ...ref, [key]: target }),
  ]);
}

async function find(
  kind: ListKind,
  publicName: string,
  { view, caller }: Asking,
  rename: (name: string) => readonly [string, string],
): Promise<CallPlanResult> {
  const isUri = actionKind(kind) === 'resource';
  const maxLength = isUri ? MAX_URI_LENGTH : MAX_NAME_LENGTH;
  if (publicName.length > maxLength) {
    const what = isUri ? 'address of a resource' : `name of a ${actionKind(kind)}`;
    return fault(`The ${what} has more than ${maxLength} characters`);
  }
  const target = await view.resolve(kind, publicName, caller);
  const replace =
    target === undefined || target.name === publicName ? undefined : new Map([rename(target.name)]);
  return { ok: true, plan: { kind, publicName, target, replace } };
}

function fault(what: string): CallPlanResult {
  return { ok: false, fault: what };
}
