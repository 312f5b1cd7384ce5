import { createJavaScriptEngine, DEFAULT_LIMITS, type ScriptSource } from '@smcp/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaceholders } from '../../src/preview/guest-placeholder.ts';

const engine = createJavaScriptEngine();

beforeAll(() => engine.ready());
afterAll(() => engine[Symbol.asyncDispose]());

const PRELUDE = `((create) => () => { globalThis.result = create(console.warn)(1); })(${createPlaceholders.toString()})`;

describe('createPlaceholders() inside the sandbox', () => {
  it('is read, awaited, interpolated, handed on and returned, and tells what is not known', async () => {
    const source: ScriptSource = {
      language: 'typescript',
      name: 'script.ts',
      prelude: PRELUDE,
      data: '{}',
      code: `
        const issue: any = await result;
        for (const label of issue.labels) throw label;
        const [first] = await Promise.all([issue.items[0]]);
        return {id: first.id, text: \`See \${issue.url}\`, whole: issue};`,
    };
    await using session = await engine.open({ owner: 'alice', persistent: false });
    const outcome = await session.run(source, { call: async () => 'null' }, { limits: DEFAULT_LIMITS });
    expect(outcome).toMatchObject({ status: 'ok' });
    expect(JSON.parse(outcome.value ?? 'null')).toEqual({
      id: { $result: 1, path: ['items', 0, 'id'] },
      text: 'See <result 1.url>',
      whole: { $result: 1, path: [] },
    });
    expect(outcome.output).toEqual([
      { stream: 'stderr', text: expect.stringContaining('The rest depends on <result 1.labels>') },
    ]);
  });
});
