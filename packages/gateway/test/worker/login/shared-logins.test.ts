import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuthResult, IdentityConfig, Presented } from '../../../src/identity/index.ts';
import { LoginDesk } from '../../../src/worker/login/login-desk.ts';
import { openSharedLogins, type SharedLogins } from '../../../src/worker/login/shared-logins.ts';
import {
  agentEntry,
  AUDIENCE,
  CODE_HASH,
  hashToken,
  keyEntry,
  MemoryStore,
  openGate,
  SOURCE,
  Time,
  toConfig,
  tokenOf,
} from '../../identity/fixture.ts';
import { answering, linked, type Linked } from '../linked.ts';

const good = (name = 'alice') => `Bearer ${tokenOf('key', name)}`;
const guess = (index = 0) => `Bearer ${tokenOf('key', `guess${index}`)}`;

interface Crew extends AsyncDisposable {
  readonly time: Time;
  readonly store: MemoryStore;
  readonly logins: readonly SharedLogins[];
  readonly pairs: readonly Linked[];
  /** Names of the questions put to the primary. */
  readonly asked: string[];
  present(worker: number, authorization: string | undefined, more?: Partial<Presented>): Promise<AuthResult>;
}

async function openCrew(workers: number, config: Partial<IdentityConfig> = {}): Promise<Crew> {
  const time = new Time();
  const store = new MemoryStore();
  const entries = toConfig({ apiKeys: [keyEntry('alice'), keyEntry('bob')], ...config });
  const desk = new LoginDesk(entries.authFailureRate, () => time.monotonicMs);
  const asked: string[] = [];
  const pairs = Array.from({ length: workers }, () =>
    linked({
      login: (body) => {
        asked.push('login');
        return desk.verdict(body);
      },
      mayTry: (body) => {
        asked.push('mayTry');
        return desk.mayTry(body);
      },
    }),
  );
  const logins = await Promise.all(
    pairs.map(
      async ({ channel }) =>
        await openSharedLogins(
          {
            config: entries,
            store,
            hashToken,
            audience: AUDIENCE,
            clock: () => time.wallMs,
            monotonic: () => time.monotonicMs,
            pollIntervalMs: 3_600_000,
            storeAnswerMs: 50,
          },
          channel,
        ),
    ),
  );
  return {
    time,
    store,
    logins,
    pairs,
    asked,
    present: async (worker, authorization, more = {}) => {
      const login = logins[worker];
      if (login === undefined) throw new RangeError(`There is no worker ${worker}`);
      return await login.authenticate({
        source: SOURCE,
        ...(authorization === undefined ? {} : { authorization }),
        ...more,
      });
    },
    [Symbol.asyncDispose]: async () => {
      for (const login of logins) await login[Symbol.asyncDispose]();
      for (const pair of pairs) pair[Symbol.dispose]();
    },
  };
}

function codeOf(result: AuthResult): string {
  return result.ok ? 'OK' : result.code;
}

describe('SharedLogins.authenticate()', () => {
  it('gives a guesser no more guesses over several workers than one gateway does (A58)', async () => {
    await using crew = await openCrew(4, { authFailureRate: { calls: '10/min' } });
    const answers = await Promise.all(
      Array.from({ length: 80 }, async (_, n) => codeOf(await crew.present(n % 4, guess(n)))),
    );
    expect(answers.filter((code) => code === 'AUTH_UNKNOWN')).toHaveLength(10);
    expect(answers.filter((code) => code === 'AUTH_RATE_LIMITED')).toHaveLength(70);
  });

  it('does not tell a guesser who has to wait that a guess was right', async () => {
    await using crew = await openCrew(2, { authFailureRate: { calls: '1/h' } });
    await crew.present(0, guess());
    expect(await crew.present(1, good())).toMatchObject({
      code: 'AUTH_RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
      message: 'Too many failed attempts; try again later',
    });
  });

  it('answers as one gateway does, whichever workers are asked in which order', async () => {
    const step = fc.record({
      worker: fc.nat(2),
      token: fc.constantFrom(good('alice'), good('bob'), guess(1), guess(2), 'Basic xyz', undefined),
      source: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2'),
      pass: fc.constantFrom(0, 0, 0, 1000, 20_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const rate = { authFailureRate: { calls: '3/min' } };
        await using one = await openGate({ apiKeys: [keyEntry('alice'), keyEntry('bob')], ...rate });
        await using crew = await openCrew(3, rate);
        for (const { worker, token, source, pass } of steps) {
          one.time.pass(pass);
          crew.time.pass(pass);
          const presented = { source, ...(token === undefined ? {} : { authorization: token }) };
          const expected = await one.service.authenticate(presented);
          expect(await crew.present(worker, token, { source })).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tells who presents nothing so, also while its source has to wait', async () => {
    await using crew = await openCrew(1, { authFailureRate: { calls: '1/h' } });
    await crew.present(0, guess(1));
    expect(codeOf(await crew.present(0, guess(2)))).toBe('AUTH_RATE_LIMITED');
    expect(codeOf(await crew.present(0, undefined))).toBe('AUTH_MISSING');
  });

  it('asks once a minute about a credential that works, and never about none', async () => {
    await using crew = await openCrew(1);
    for (let n = 0; n < 5; n += 1) {
      expect(codeOf(await crew.present(0, good()))).toBe('OK');
      crew.time.pass(10_000);
    }
    expect(crew.asked).toEqual(['login']);
    crew.time.pass(20_000);
    await crew.present(0, good());
    expect(crew.asked).toEqual(['login', 'login']);
    await crew.present(0, undefined);
    expect(crew.asked).toHaveLength(2);
  });

  it('looks nothing up for a source that is known to have to wait', async () => {
    await using crew = await openCrew(1, { authFailureRate: { calls: '1/h' } });
    await crew.present(0, guess(1));
    await crew.present(0, guess(2));
    const before = crew.store.asked;
    crew.asked.length = 0;
    expect(codeOf(await crew.present(0, guess(3)))).toBe('AUTH_RATE_LIMITED');
    expect(crew.asked).toEqual(['mayTry']);
    expect(crew.store.asked).toBe(before);
    crew.time.pass(3_600_000);
    expect(codeOf(await crew.present(0, guess(4)))).toBe('AUTH_UNKNOWN');
  });

  it('lets a credential that worked at one worker in at all others, while its source has to wait', async () => {
    await using crew = await openCrew(2, { authFailureRate: { calls: '1/h' } });
    expect(codeOf(await crew.present(0, good()))).toBe('OK');
    await crew.present(0, guess(1));
    await crew.present(1, guess(2));
    expect(codeOf(await crew.present(1, good()))).toBe('OK');
    expect(codeOf(await crew.present(1, good('bob')))).toBe('AUTH_RATE_LIMITED');
  });

  it('confirms a credential for each source by itself', async () => {
    await using crew = await openCrew(1, { authFailureRate: { calls: '1/h' } });
    await crew.present(0, good());
    await crew.present(0, guess(), { source: '192.0.2.99' });
    expect(codeOf(await crew.present(0, good(), { source: '192.0.2.99' }))).toBe('AUTH_RATE_LIMITED');
  });

  it('counts an agent with another code hash, and a wrong scheme', async () => {
    await using crew = await openCrew(2, {
      agents: [agentEntry('bot')],
      authFailureRate: { calls: '2/h' },
    });
    const bot = `Bearer ${tokenOf('agent', 'bot')}`;
    expect(codeOf(await crew.present(0, bot, { codeHash: `${CODE_HASH.slice(0, -1)}0` }))).toBe(
      'AUTH_CODE_HASH',
    );
    expect(codeOf(await crew.present(1, 'Basic xyz'))).toBe('AUTH_MALFORMED');
    expect(codeOf(await crew.present(0, bot, { codeHash: CODE_HASH }))).toBe('AUTH_RATE_LIMITED');
  });

  it('refuses everybody once the primary is gone, also with an answer that is none', async () => {
    await using crew = await openCrew(1);
    crew.pairs[0]?.far[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(await crew.present(0, good())).toMatchObject({ code: 'AUTH_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(await crew.present(0, guess())).toMatchObject({ code: 'AUTH_UNAVAILABLE' });

    for (const answer of [null, {}, { waitSeconds: -1 }, { waitSeconds: '0' }]) {
      await using strange = await openSharedLogins(
        {
          config: toConfig({ apiKeys: [keyEntry('alice')] }),
          store: new MemoryStore(),
          hashToken,
          audience: AUDIENCE,
          clock: () => 0,
        },
        answering(() => answer),
      );
      const result = await strange.authenticate({ source: SOURCE, authorization: good() });
      expect(codeOf(result)).toBe('AUTH_UNAVAILABLE');
    }
  });
});

describe('SharedLogins', () => {
  it('follows another configuration, without counting by itself', async () => {
    await using crew = await openCrew(1, { authFailureRate: { calls: '100/min' } });
    crew.logins[0]?.reconfigure(toConfig({ apiKeys: [keyEntry('bob')], authFailureRate: { calls: '1/h' } }));
    expect(codeOf(await crew.present(0, good()))).toBe('AUTH_UNKNOWN');
    expect(codeOf(await crew.present(0, good()))).toBe('AUTH_UNKNOWN');
    expect(codeOf(await crew.present(0, good('bob')))).toBe('OK');
    expect(crew.logins[0]?.listPrincipals().map(({ id }) => id)).toEqual(['key:bob']);
  });

  it('isCurrent() and refresh() are those of this worker', async () => {
    await using crew = await openCrew(1);
    const result = await crew.present(0, good());
    expect(result.ok && crew.logins[0]?.isCurrent(result.principal)).toBe(true);
    await crew.logins[0]?.refresh();
    await crew.logins[0]?.[Symbol.asyncDispose]();
    expect(result.ok && crew.logins[0]?.isCurrent(result.principal)).toBe(false);
  });
});
