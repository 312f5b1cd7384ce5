import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureContext, type ContextFigures } from '../../tokens/context.ts';
import { measure, type Measured } from '../../tokens/measure.ts';
import { openStage, type Stage } from '../../tokens/stage.ts';
import { tokensOf, type ModelRequest } from '../../tokens/transcript.ts';
import { WORKFLOWS } from '../../tokens/workflows.ts';

// Counting needs no clock: the same books and the same scripts give the same tokens on every machine.
describe('eight pieces of work as plain calls and as scripts', () => {
  const measured: Measured[] = [];
  let [plain, script]: [Stage | undefined, Stage | undefined] = [undefined, undefined];
  let context: ContextFigures;

  beforeAll(async () => {
    plain = await openStage('/mcp/accounting');
    script = await openStage('/code');
    for (const workflow of WORKFLOWS) measured.push(await measure(workflow, plain, script));
    context = await measureContext(measured, await script.tools());
  }, 120_000);

  afterAll(async () => {
    await plain?.[Symbol.asyncDispose]();
    await script?.[Symbol.asyncDispose]();
  });

  const all = (way: 'plain' | 'script' | 'discovering'): readonly ModelRequest[] =>
    measured.flatMap((one) => one[way]);
  const tokens = (requests: readonly ModelRequest[]): number =>
    requests.reduce((sum, { promptTokens, completionTokens }) => sum + promptTokens + completionTokens, 0);

  it('have 3 to 20 calls each', () => {
    expect(measured).toHaveLength(8);
    expect(measured.filter(({ calls }) => calls < 3 || calls > 20)).toEqual([]);
  });

  it('cost at most 0.32 of the tokens as scripts, declarations read each time [S0-07]', () => {
    expect(tokens(all('discovering')) / tokens(all('plain'))).toBeLessThanOrEqual(0.32);
  });

  it('need at most 0.12 of the requests as scripts, declarations read once a session [S0-08]', () => {
    expect(all('script').length / all('plain').length).toBeLessThanOrEqual(0.12);
  });

  it('leave at most 0.013 of the context in as many sessions, with real catalogues [S0-09] [S3-01] [S3-02]', () => {
    expect(context.scriptSessionsTokens / context.plainSessionsTokens).toBeLessThanOrEqual(0.013);
    expect(context.tools).toBeGreaterThan(250);
  });

  it('counts with the encoding that it says', () => {
    expect(tokensOf('hello world')).toBe(2);
  });
});
