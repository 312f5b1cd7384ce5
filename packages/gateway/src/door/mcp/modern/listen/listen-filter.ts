import { isJsonObject, type JsonObject, type JsonValue } from '@smcp/protocol';
import { isTaskId } from '../tasks.ts';

const MAX_URIS = 100;
const MAX_URI_LENGTH = 8192;
const MAX_TASKS = 100;

/** The lists of which a client can be told that they changed: the member of the filter, and the capability that goes with it. */
export const LISTS = [
  { member: 'toolsListChanged', capability: 'tools' },
  { member: 'promptsListChanged', capability: 'prompts' },
  { member: 'resourcesListChanged', capability: 'resources' },
] as const;

/** What a client wants to be told. */
export interface ListenFilter {
  /** Capabilities whose lists it wants to hear of. */
  readonly lists: ReadonlySet<string>;
  readonly resources: readonly string[];
  readonly tasks: readonly string[];
}

export type ListenFilterResult =
  | { readonly ok: true; readonly filter: ListenFilter }
  | { readonly ok: false; readonly fault: string };

/** Reads the filter of `subscriptions/listen`. What stands twice counts once; members that are not known are not honoured. */
export function readListenFilter({ notifications }: JsonObject): ListenFilterResult {
  if (!isJsonObject(notifications)) {
    return wrong('Parameter "notifications" must be an object');
  }
  for (const { member } of LISTS) {
    const wish = notifications[member];
    if (wish !== undefined && typeof wish !== 'boolean') {
      return wrong(`Parameter "notifications.${member}" must be true or false`);
    }
  }
  const resources = ifTexts(notifications['resourceSubscriptions'], MAX_URIS, isUri);
  if (resources === undefined) {
    const what = `at most ${MAX_URIS} non-empty strings of at most ${MAX_URI_LENGTH} characters`;
    return wrong(`Parameter "notifications.resourceSubscriptions" must be a list of ${what}`);
  }
  const tasks = ifTexts(notifications['taskIds'], MAX_TASKS, isTaskId);
  if (tasks === undefined) {
    return wrong(`Parameter "notifications.taskIds" must be a list of at most ${MAX_TASKS} task ids`);
  }
  const lists = LISTS.filter(({ member }) => notifications[member] === true);
  return {
    ok: true,
    filter: { lists: new Set(lists.map(({ capability }) => capability)), resources, tasks },
  };
}

/** The same as a client reads it. Nothing that is not honoured is named. */
export function filterText({ lists, resources, tasks }: ListenFilter): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const { member, capability } of LISTS) {
    if (lists.has(capability)) {
      out[member] = true;
    }
  }
  if (resources.length > 0) {
    out['resourceSubscriptions'] = resources;
  }
  if (tasks.length > 0) {
    out['taskIds'] = tasks;
  }
  return out;
}

export function isEmptyFilter({ lists, resources, tasks }: ListenFilter): boolean {
  return lists.size === 0 && resources.length === 0 && tasks.length === 0;
}

function isUri(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_URI_LENGTH;
}

function ifTexts(
  value: JsonValue | undefined,
  max: number,
  isText: (one: unknown) => one is string,
): readonly string[] | undefined {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) && value.length <= max && value.every(isText) ? [...new Set(value)] : undefined;
}

function wrong(fault: string): ListenFilterResult {
  return { ok: false, fault };
}
