import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TSCONFIG } from '../../../src/commands/types/declaration-text.ts';
import { makePlace, runCommand, type Place } from '../../run-cli.ts';
import { sampleConfig, SERVER_SECRET } from '../../sample-config.ts';

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

async function types(place: Place, ...args: readonly string[]) {
  await place.write('smcp.yaml', sampleConfig());
  return await runCommand(place, ['types', '--config', 'smcp.yaml', ...args]);
}

describe('smcp types', () => {
  it('declares a server so that the compiler finds mistakes in scripts', async () => {
    await using place = await makePlace();
    const { code, stdout } = await types(place, 'everything', '--out', '.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote smcp\.d\.ts: 1 server, \d+ tools\./);
    await place.write('tsconfig.json', JSON.stringify(TSCONFIG));
    const check = async (script: string): Promise<string> => {
      await place.write('script.ts', script);
      const run = promisify(execFile)(process.execPath, [TSC, '-p', '.'], { cwd: place.folder });
      return (await run.catch((error: { stdout: string }) => error)).stdout;
    };
    expect(await check('console.log(await everything.echo({ message: "x" }), await listServers());')).toBe(
      '',
    );
    expect(await check('await everything.echo({ message: 5 });')).toContain('TS2322');
    expect(await check('await fetch("http://x");')).toContain('TS2304');
  });

  it('declares only what a role may use', async () => {
    await using place = await makePlace();
    const { stdout } = await types(place, '--role', 'reader');
    expect(stdout).toContain('readonly echo: ToolFunction');
    expect(stdout).not.toContain('getSum');
    expect(stdout).not.toContain('personal');
  });

  it('goes on without a server that does not start, says why, and fails', async () => {
    await using place = await makePlace();
    const { code, stdout, stderr } = await types(place, 'broken', 'everything');
    expect(code).toBe(1);
    expect(stdout).toContain('declare const broken: LooseServer;');
    expect(stdout).toContain('declare namespace everything {');
    expect(stderr).toMatch(/^smcp: broken: .*3$/m);
    expect(stdout + stderr).not.toContain(SERVER_SECRET);
  });

  it('counts for machines', async () => {
    await using place = await makePlace();
    const { stdout } = await types(place, 'everything', 'broken', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      servers: [
        { name: 'everything', tools: expect.any(Number) },
        { name: 'broken', tools: null, problem: expect.any(String) },
      ],
      text: expect.stringContaining('declare namespace everything'),
    });
  });

  it('refuses a server that is not configured, and a file of somebody else', async () => {
    await using place = await makePlace();
    expect((await types(place, 'nope')).code).toBe(2);
    await writeFile(place.file('mine.d.ts'), 'export {};\n');
    const { code, stderr } = await types(place, 'everything', '--out', 'mine.d.ts');
    expect(code).toBe(1);
    expect(stderr).toContain('was not written by smcp types');
    expect(await readFile(place.file('mine.d.ts'), 'utf8')).toBe('export {};\n');
    expect((await types(place, 'everything', '--out', 'mine.d.ts', '--force')).code).toBe(0);
  });

  it('refuses a server that the role does not reach', async () => {
    await using place = await makePlace();
    const { code, stdout } = await types(place, 'personal', '--role', 'reader', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe('SERVER_UNKNOWN');
  });

  it('declares nothing but the helpers where nothing is configured', async () => {
    await using place = await makePlace();
    const { code, stdout } = await runCommand(place, ['types'], { env: { HOME: place.folder } });
    expect(code).toBe(0);
    expect(stdout).toContain('listServers');
    expect(stdout).not.toContain('declare namespace');
  });
});
