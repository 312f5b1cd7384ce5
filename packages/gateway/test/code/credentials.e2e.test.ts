import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { openCodeStage, toExecuted, type CodeStage, type Executed } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

const STORED = 'stored-upstream-token-0123456789abcdef';
const OWN = 'alices-own-token-0123456789abcdef';
const OTHER = 'bobs-own-token-0123456789abcdef';

/** Everything that a script can look at without a call. */
const LOOK_AROUND = `
  const seen: unknown[] = [];
  const walk = (value: unknown, depth: number, path: string): void => {
    if (depth > 4 || value === null || (typeof value !== 'object' && typeof value !== 'function')) {
      seen.push(path + '=' + String(value));
      return;
    }
    for (const key of Reflect.ownKeys(value)) {
      try { walk(Reflect.get(value, key), depth + 1, path + '.' + String(key)); } catch (error) { seen.push(String(error)); }
    }
  };
  for (const key of Reflect.ownKeys(globalThis)) walk(Reflect.get(globalThis, key), 0, String(key));
`;

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: {
      kept: { url: work.url, credentials: { headers: { Authorization: 'Bearer ${STORED}' } } },
      own: { url: work.url, credential_mode: 'passthrough' },
      either: {
        url: work.url,
        credential_mode: 'optional',
        credentials: { headers: { Authorization: 'Bearer ${STORED}' } },
      },
    },
    env: { STORED },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

async function runWith(
  headers: Record<string, string>,
  code: string,
  more: JsonObject = {},
): Promise<Executed> {
  const { result } = await stage
    .modern('alice')
    .request('tools/call', { name: 'smcp_execute', arguments: { code, ...more } }, { headers });
  return toExecuted(result as JsonObject);
}

describe('credentials behind the calls of scripts [S0-21] [S1-04] (A43)', () => {
  it('are the stored one, which no script sees [S1-14]', async () => {
    const executed = await stage.run(
      'alice',
      `${LOOK_AROUND}
       await kept.echo({ text: 'x' });
       await kept.fail({ why: 'y' }).catch((error: ToolError) => seen.push(JSON.stringify(error), error.stack));
       seen.push(await kept.echo.raw({ text: 'z' }), await describeServer('kept'), await queryToolDocs('kept', { detail: 'full' }));
       return JSON.stringify(seen);`,
    );
    expect(executed.isError).toBe(false);
    expect(JSON.stringify(executed)).not.toContain(STORED);
    expect(work.done.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${STORED}`));
  });

  it('are the caller’s own where the server wants that, and are nowhere in the script [S1-15] [S1-39]', async () => {
    const code = `${LOOK_AROUND}
      await own.echo({ text: 'x' });
      await either.echo({ text: 'y' });
      await own.fail({ why: 'z' }).catch((error: ToolError) => seen.push(JSON.stringify(error), error.stack));
      return JSON.stringify(seen);`;
    const executed = await runWith({ 'x-own-token': OWN, 'x-either-token': OWN }, code);
    expect(executed.isError).toBe(false);
    expect(JSON.stringify(executed)).not.toContain(OWN);
    expect(work.done.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${OWN}`));
    // It travels in its own header no further than the gateway.
    expect(work.done.every(({ headers }) => headers['x-own-token'] === undefined)).toBe(true);
  });

  it('are those of the request that runs the script, in sessions too [S0-26] (A52)', async () => {
    const code = `const n = typeof count === 'number' ? count + 1 : 1; await own.echo({ text: 'from ' + n });`;
    const first = `let count = 1; await own.echo({ text: 'first' });`;
    await runWith({ 'x-own-token': OWN }, first, { session: 'kept', language: 'javascript' });
    await runWith({ 'x-own-token': OTHER }, code, { session: 'kept', language: 'javascript' });
    expect(work.done.map(({ args, headers }) => [args['text'], headers.authorization])).toEqual([
      ['first', `Bearer ${OWN}`],
      ['from 2', `Bearer ${OTHER}`],
    ]);
    const without = await runWith({}, code, { session: 'kept', language: 'javascript' });
    expect(without.isError).toBe(true);
    expect(work.done).toHaveLength(2);
  });

  it('are missed as an error that the script can catch, which names the header and no value', async () => {
    const executed = await stage.run(
      'alice',
      `return [await call('own', 'echo', { text: 'x' }).catch(({ code, message }: ToolError) => [code, message]),
               await either.echo({ text: 'shared' })];`,
    );
    expect(executed.result).toEqual([
      [
        expect.stringMatching(/CREDENTIAL_MISSING|SERVER_UNAVAILABLE/),
        expect.stringContaining('x-own-token'),
      ],
      'shared',
    ]);
    expect(work.done.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${STORED}`]);
  });

  it('stay out of records, logs and progress', async () => {
    await runWith({ 'x-own-token': OWN }, `await own.note({ text: 'with ${OWN} and ${STORED} in it' })`);
    const [last] = (await stage.calls()).toReversed();
    expect(last).toMatchObject({ server: 'own', name: 'note' });
    expect(JSON.stringify(await stage.calls())).not.toContain(STORED);
    expect(stage.fixture.log()).not.toContain(STORED);
    expect(stage.fixture.log()).not.toContain(OWN);
  });
});

describe('the caller’s login', () => {
  it('is not in reach of a script either', async () => {
    const executed = await stage.run('alice', `${LOOK_AROUND} return JSON.stringify(seen)`);
    expect(JSON.stringify(executed)).not.toContain('smcp_key_');
    expect(work.done.every(({ headers }) => !JSON.stringify(headers).includes('smcp_key_'))).toBe(true);
  });

  it('is not taken over by a server: what goes to it is its own credential or none', async () => {
    await stage.run('alice', `await either.echo({ text: 'x' })`);
    expect(JSON.stringify(work.done.map(({ headers }) => headers))).not.toContain('smcp_key_');
  });
});
