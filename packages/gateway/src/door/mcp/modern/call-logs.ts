import { isLogLevel, LOG_LEVELS, type LogLevel, type Upstream } from '../../../upstream/index.ts';
import type { Answer } from '../answer.ts';
import { identityOf } from '../hearing/identity-of.ts';
import type { Principal } from '@smcp/policy';

/**
 * The log messages of one call, for a client that asked for them with it: those that the server sends with its answer, and those that a server with a
 * handshake says on its own while the call is under way.
 */
export class CallLogs implements Disposable {
  readonly #answer: Answer;
  readonly #principal: Principal;
  readonly #level: LogLevel;
  #detach: (() => void) | undefined;

  constructor(answer: Answer, principal: Principal, level: LogLevel) {
    this.#answer = answer;
    this.#principal = principal;
    this.#level = level;
  }

  /** The call goes to this upstream. */
  attach(upstream: Upstream): void {
    const listener = {
      principal: identityOf(this.#principal),
      notification: (method: string, params: Readonly<Record<string, unknown>>): void => {
        if (method === 'notifications/message') {
          this.tell(params);
        }
      },
    };
    this.#detach?.();
    this.#detach = upstream.attach(listener);
    // A server that refuses a level still serves the call.
    upstream.setLogLevel(listener, this.#level).catch(() => undefined);
  }

  tell(params: Readonly<Record<string, unknown>>): void {
    const { level } = params;
    if (isLogLevel(level) && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.#level)) {
      this.#answer.notify('notifications/message', params);
    }
  }

  [Symbol.dispose](): void {
    this.#detach?.();
  }
}
