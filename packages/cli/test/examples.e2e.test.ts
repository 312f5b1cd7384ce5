import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { walk } from '../../../examples/agents/walk.ts';
import { codeBlocks, readPage, ROOT } from './markdown.ts';

const run = promisify(execFile);

describe('examples/agents/walk.ts', () => {
  it('shows what its README says, and a record of each chain [S1-12] [S1-48]', async () => {
    const lines: string[] = [];
    await walk((line) => lines.push(line));

    const shown = codeBlocks(await readPage('examples/agents/README.md')).find(
      ({ language }) => language === '',
    );
    expect(lines.join('\n')).toContain(shown?.text.trim());
    expect(lines).toContain('  key:dana > agent:planner > agent:worker  everything:get-sum  allow');
    expect(lines).toContain('  login refused: AUTH_CODE_HASH');
    expect(lines).toContain('  login refused: AUTH_DELEGATION');
  });
});

describe('the example of a package', () => {
  it.each([
    { name: 'protocol', prints: 'true' },
    { name: 'policy', prints: 'deny roles.intern.deny[0]' },
    { name: 'gateway', prints: "{ status: 'ok' }" },
  ])('packages/$name/README.md runs and prints what it says', async ({ name, prints }) => {
    const [example] = codeBlocks(await readPage(`packages/${name}/README.md`)).filter(
      ({ language }) => language === 'ts',
    );
    const folder = await mkdtemp(join(tmpdir(), 'smcp-readme-'));
    try {
      const config = join(folder, 'smcp.yaml');
      await writeFile(config, 'log: { level: "silent" }\n');
      const program = (example?.text ?? '').replace(
        "'smcp.yaml', listen",
        `${JSON.stringify(config)}, listen`,
      );
      // From the folder of the package, where its name and those of its neighbours are known.
      const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', program], {
        cwd: join(ROOT, 'packages', name),
        env: { PATH: process.env['PATH'], HOME: folder, SMCP_HOME: join(folder, 'state') },
        timeout: 60_000,
      });

      expect(stdout.trim()).toBe(prints);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
