import type { JsonObject } from '@smcp/protocol';
import type { Subscriptions } from './subscriptions.ts';
import { isListChanged, LOG_LEVELS, type LogLevel, type UpstreamListener } from './upstream.ts';

/**
 * Who listens to one upstream, and who is told what.
 *
 * What a server says on its own may tell what one caller did, now or a while ago. So it goes to listeners only while one principal alone has listened
 * to the present link; with several, they hear of changed lists, and of the resources and tasks that they follow.
 */
export class Audience {
  readonly #listeners = new Set<UpstreamListener>();
  readonly #logLevels = new Map<UpstreamListener, LogLevel>();
  readonly #resources: Subscriptions;
  readonly #tasks: Subscriptions;
  /** Principals that have listened to the present link; two are enough to know that there were several. */
  #principals = new Set<string>();

  constructor(resources: Subscriptions, tasks: Subscriptions) {
    this.#resources = resources;
    this.#tasks = tasks;
  }

  get size(): number {
    return this.#listeners.size;
  }

  has(listener: UpstreamListener): boolean {
    return this.#listeners.has(listener);
  }

  add(listener: UpstreamListener): void {
    this.#listeners.add(listener);
    if (this.#principals.size < 2) {
      this.#principals.add(listener.principal);
    }
  }

  remove(listener: UpstreamListener): void {
    this.#listeners.delete(listener);
    this.#logLevels.delete(listener);
  }

  /** There is a new link: what an earlier one brought about is over. */
  begin(): void {
    this.#principals = new Set([...this.#listeners].map(({ principal }) => principal));
  }

  wish(listener: UpstreamListener, level: LogLevel): void {
    this.#logLevels.set(listener, level);
  }

  /** The most verbose of all wishes. */
  get wishedLevel(): LogLevel | undefined {
    const wishes = [...this.#logLevels.values()].map((level) => LOG_LEVELS.indexOf(level));
    return wishes.length === 0 ? undefined : LOG_LEVELS[Math.min(...wishes)];
  }

  /** @param asker Whom alone it concerns, as in `ClientFacts`. */
  tell(method: string, params: JsonObject, asker: string | undefined): void {
    for (const listener of this.#concerned(method, params, asker)) {
      listener.notification(method, params);
    }
  }

  #concerned(method: string, params: JsonObject, asker: string | undefined): Iterable<UpstreamListener> {
    if (asker !== undefined) {
      return [...this.#listeners].filter((listener) => listener.asker === asker);
    }
    if (method === 'notifications/resources/updated') {
      return followersOf(this.#resources, params['uri']);
    }
    if (method === 'notifications/tasks') {
      return followersOf(this.#tasks, params['taskId']);
    }
    return isListChanged(method) || this.#principals.size === 1 ? this.#listeners : [];
  }
}

function followersOf(subscriptions: Subscriptions, name: unknown): Iterable<UpstreamListener> {
  return typeof name === 'string' ? subscriptions.followers(name) : [];
}
