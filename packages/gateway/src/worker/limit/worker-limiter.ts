import type { Admission, LimitConfig, LimiterSettings, LimitRequest } from '../../limit/index.ts';
import type { Channel } from '../channel/channel.ts';
import { asFields, countOf, flagOf, oneOf, textOf, type Fields } from '../channel/fields.ts';

const FREE: Admission = Object.freeze({ ok: true, release: () => {} });
const CODES = ['RATE_LIMITED', 'TOO_MANY_IN_FLIGHT'] as const;
const SCOPES = ['principal', 'server', 'tool'] as const;
const RETRY_MS = 1000;

/** The limiter of a worker: counts are kept by the primary, for all workers. What no limit concerns is let in without asking. */
export class WorkerLimiter {
  readonly #channel: Pick<Channel, 'ask' | 'tell'>;
  #isLimited: (server: string) => boolean;

  constructor(channel: Pick<Channel, 'ask' | 'tell'>, settings: LimiterSettings) {
    this.#channel = channel;
    this.#isLimited = compile(settings);
  }

  acquire(request: LimitRequest): Admission | Promise<Admission> {
    return this.#isLimited(request.server) ? this.#ask(request) : FREE;
  }

  reconfigure(settings: LimiterSettings): void {
    this.#isLimited = compile(settings);
  }

  async #ask({ principalId, tenant, server, tool }: LimitRequest): Promise<Admission> {
    try {
      return this.#toAdmission(
        asFields(await this.#channel.ask('acquire', { principalId, tenant, server, tool })),
      );
    } catch {
      // Without the primary this process ends; until then nothing is let in.
      const message = 'The limits cannot be asked for, retry after 1 s';
      return { ok: false, code: 'RATE_LIMITED', scope: 'principal', retryAfterMs: RETRY_MS, message };
    }
  }

  #toAdmission(answer: Fields): Admission {
    if (!flagOf(answer, 'ok')) {
      return {
        ok: false,
        code: oneOf(answer, 'code', CODES),
        scope: oneOf(answer, 'scope', SCOPES),
        retryAfterMs: countOf(answer, 'retryAfterMs'),
        message: textOf(answer, 'message'),
      };
    }
    const slot = countOf(answer, 'slot');
    let held = true;
    return {
      ok: true,
      release: () => {
        if (held) {
          held = false;
          this.#channel.tell('release', { slot });
        }
      },
    };
  }
}

function compile({ principal, servers }: LimiterSettings): (server: string) => boolean {
  if (limits(principal)) {
    return () => true;
  }
  const limited = Object.entries(servers).filter(
    ([, server]) => limits(server.limits) || Object.values(server.tools).some(limits),
  );
  const names = new Set(limited.map(([name]) => name));
  return (server) => names.has(server);
}

function limits({ rate, concurrency }: LimitConfig): boolean {
  return rate !== undefined || concurrency !== undefined;
}
