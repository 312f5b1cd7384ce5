import { isJsonObject, META, TASKS_EXTENSION, type JsonObject, type JsonValue } from '@smcp/protocol';

/** What a server is asked to tell us of its own accord, or what it has promised to. */
export interface ListenFilter {
  /** Members such as `toolsListChanged`. */
  readonly lists: ReadonlySet<string>;
  readonly uris: ReadonlySet<string>;
  readonly taskIds: ReadonlySet<string>;
}

const LISTS = [
  ['tools', 'toolsListChanged', 'notifications/tools/list_changed'],
  ['prompts', 'promptsListChanged', 'notifications/prompts/list_changed'],
  ['resources', 'resourcesListChanged', 'notifications/resources/list_changed'],
] as const;

/** The changes of lists that a server with these capabilities announces. */
export function announcedLists(capabilities: JsonObject): ReadonlySet<string> {
  const announced = LISTS.filter(([capability]) => {
    const settings = capabilities[capability];
    return isJsonObject(settings) && settings['listChanged'] === true;
  });
  return new Set(announced.map(([, member]) => member));
}

/** Notifications that say that these lists have changed. */
export function changedMethods(lists: ReadonlySet<string>): readonly string[] {
  return LISTS.filter(([, member]) => lists.has(member)).map(([, , method]) => method);
}

export function mayFollowResources(capabilities: JsonObject): boolean {
  const resources = capabilities['resources'];
  return isJsonObject(resources) && resources['subscribe'] === true;
}

export function mayFollowTasks(capabilities: JsonObject): boolean {
  const extensions = capabilities['extensions'];
  return isJsonObject(extensions) && isJsonObject(extensions[TASKS_EXTENSION]);
}

export function isEmpty({ lists, uris, taskIds }: ListenFilter): boolean {
  return lists.size + uris.size + taskIds.size === 0;
}

/** Params of `subscriptions/listen`. */
export function toListenParams({ lists, uris, taskIds }: ListenFilter): JsonObject {
  return {
    notifications: {
      ...Object.fromEntries([...lists].map((member) => [member, true])),
      ...(uris.size === 0 ? {} : { resourceSubscriptions: [...uris] }),
      ...(taskIds.size === 0 ? {} : { taskIds: [...taskIds] }),
    },
  };
}

/** Reads the params of an acknowledgement. Members of the wrong shape promise nothing. */
export function readPromise(params: JsonObject): ListenFilter {
  const promised = params['notifications'];
  const members = isJsonObject(promised) ? promised : {};
  return {
    lists: new Set(LISTS.map(([, member]) => member).filter((member) => members[member] === true)),
    uris: textsOf(members['resourceSubscriptions']),
    taskIds: textsOf(members['taskIds']),
  };
}

/** The id of the listen request that a notification belongs to; undefined when it belongs to none. */
export function ifSubscriptionId(params: JsonObject): number | undefined {
  const meta = params['_meta'];
  const id = isJsonObject(meta) ? meta[META.subscriptionId] : undefined;
  const number = typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : id;
  return typeof number === 'number' ? number : undefined;
}

/** The same params without the id, which means nothing on another hop. */
export function withoutSubscriptionId(params: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = params;
  if (!isJsonObject(meta)) {
    return params;
  }
  const { [META.subscriptionId]: _id, ...kept } = meta;
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept };
}

function textsOf(value: JsonValue | undefined): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);
}
