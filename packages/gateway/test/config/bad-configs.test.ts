import { describe, expect, it } from 'vitest';
import { ConfigError, formatProblem, loadConfig } from '../../src/config/index.ts';
import { badConfigs, CANARY, type BadConfig } from './bad-configs.ts';
import { makeTempFolder } from './temp-folder.ts';

async function errorOf(bad: BadConfig): Promise<ConfigError> {
  await using folder = await makeTempFolder();
  for (const [name, { text, mode }] of Object.entries(bad.files ?? {})) await folder.write(name, text, mode);
  const file = await folder.write(bad.file ?? 'smcp.yaml', bad.text);
  const error: unknown = await loadConfig({ file, env: { CANARY }, git: async () => undefined }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ConfigError)) throw new Error(`Expected a ConfigError, found ${String(error)}`);
  return error;
}

describe('loadConfig() refuses (A91)', () => {
  it.each(badConfigs.map((bad) => [bad.name, bad] as const))('%s', async (_name, bad) => {
    const error = await errorOf(bad);
    const found = error.problems.map((problem, index) => {
      const text = `${problem.message}${problem.hint === undefined ? '' : `; ${problem.hint}`}`;
      const fragment = bad.problems[index]?.[3] ?? '';
      const column = bad.problems[index]?.[2] === null ? null : problem.column;
      return [problem.path, problem.line, column, text.includes(fragment) ? fragment : text];
    });
    expect(found).toEqual(bad.problems);
    expect(error.code).toBe(bad.code);
    expect(error.message.split('\n')).toEqual(error.problems.map(formatProblem));
  });

  it.each(badConfigs.map((bad) => [bad.name, bad] as const))(
    '%s without telling a secret',
    async (_name, bad) => {
      const holders = [bad.text, ...Object.values(bad.files ?? {}).map(({ text }) => text)].join('\n');
      expect(holders.includes(CANARY) || holders.includes('${CANARY}')).toBe(true);
      const error = await errorOf(bad);
      const { cause } = error;
      const told = [
        error.message,
        JSON.stringify(error.problems),
        error.stack ?? '',
        cause instanceof Error ? cause.message : '',
      ];
      expect(told.join('\n')).not.toContain(CANARY);
    },
  );

  it('at least forty different files', () => {
    expect(badConfigs.length).toBeGreaterThanOrEqual(40);
    expect(new Set(badConfigs.map((bad) => bad.name)).size).toBe(badConfigs.length);
  });
});
