import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openChain, openFoundation } from '@smcp/gateway';
import { describe, expect, it } from 'vitest';
import { makePlace, type Place } from '../run-cli.ts';

const NOON = Date.parse('2030-05-01T12:00:00Z');

interface Call {
  readonly id: string;
  readonly at: number;
  readonly principal?: string;
  readonly effect?: 'allow' | 'deny';
  readonly tool?: string;
}

/** Records calls as a gateway would; an allowed one ends a millisecond later. */
async function record({ home }: Place, calls: readonly Call[]): Promise<void> {
  await using foundation = await openFoundation({ env: {}, home });
  await using log = await openChain(foundation, {
    writer: 'gateway',
    clock: () => NOON,
    onError: (error) => {
      throw error;
    },
  });
  for (const { id, at, principal = 'key:alice', effect = 'allow', tool = 'read_x' } of calls) {
    const facts = {
      time: new Date(at).toISOString(),
      call: id,
      principal,
      tenant: 'default',
      door: 'mcp',
      server: 'slack',
      kind: 'tool',
      name: tool,
      method: 'tools/call',
      decision: { effect, rule: null, source: null, reasons: ['because'] },
      policyMicros: 10,
    } as const;
    if (effect === 'deny') {
      await log.append({ type: 'refusal', code: 'DENIED', ...facts });
    } else {
      await log.append({ type: 'call', ...facts });
      await log.append({
        type: 'outcome',
        time: new Date(at + 1).toISOString(),
        call: id,
        outcome: 'ok',
        upstreamMicros: 1500,
      });
    }
  }
}

const CALLS: readonly Call[] = [
  { id: 'call-1', at: NOON - 3_600_000 },
  { id: 'call-2', at: NOON - 60_000, principal: 'key:bob', effect: 'deny', tool: 'post' },
  { id: 'call-3', at: NOON - 1000, tool: 'post' },
];

async function ids(place: Place, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await place.smcp(['audit', 'list', '--json', ...args], { now: NOON });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).call);
}

describe('smcp audit list', () => {
  it('joins calls with outcomes, one JSON line each, oldest first [S1-18] [S1-19]', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const { code, stdout } = await place.smcp(['audit', 'list', '--json']);
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { call: 'call-1', outcome: 'ok', principal: 'key:alice', upstreamMicros: 1500 },
      { call: 'call-2', outcome: 'refused', decision: { effect: 'deny' } },
      { call: 'call-3', outcome: 'ok' },
    ]);
  });

  it.each([
    [
      ['--since', '30m'],
      ['call-2', 'call-3'],
    ],
    [['--since', '2030-05-01T11:59:30Z'], ['call-3']],
    [['--until', '30m'], ['call-1']],
    [['--principal', 'key:bob'], ['call-2']],
    [
      ['--effect', 'allow'],
      ['call-1', 'call-3'],
    ],
    [
      ['--tool', 'post'],
      ['call-2', 'call-3'],
    ],
    [['--tool', 'post', '--effect', 'allow'], ['call-3']],
    [['--server', 'github'], []],
    [
      ['--limit', '2'],
      ['call-2', 'call-3'],
    ],
    [['--limit', '1', '--principal', 'key:alice'], ['call-3']],
  ])('with %j gives %j', async (args, expected) => {
    await using place = await makePlace();
    await record(place, CALLS);
    expect(await ids(place, ...args)).toEqual(expected);
  });

  it('is a table for people', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const { stdout } = await place.smcp(['audit', 'list']);
    expect(stdout).toMatch(/key:bob +mcp +slack:post +deny +DENIED /);
    expect(stdout.trim().split('\n')).toHaveLength(4);
  });

  it('says so when nothing matches', async () => {
    await using place = await makePlace();
    expect((await place.smcp(['audit', 'list'])).stdout).toBe('No calls match\n');
  });

  it.each([
    ['--limit', '0'],
    ['--limit', 'all'],
    ['--since', 'yesterday'],
    ['--until', '2030-05-01T12:00:00'],
  ])('refuses %s %s', async (option, value) => {
    await using place = await makePlace();
    const { code, stderr } = await place.smcp(['audit', 'list', option, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(option);
  });
});

describe('smcp audit show', () => {
  it('shows a call with the records that it stands in', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const shown = JSON.parse((await place.smcp(['audit', 'show', 'call-3', '--json'])).stdout);
    expect(shown).toMatchObject({
      call: 'call-3',
      outcome: 'ok',
      records: [{ type: 'call' }, { type: 'outcome' }],
    });
    expect((await place.smcp(['audit', 'show', 'call-3'])).stdout).toMatch(/^principal +key:alice$/m);
  });

  it('refuses a call that is not there', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const { code, stdout } = await place.smcp(['audit', 'show', 'call-9', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.code).toBe('NOT_FOUND');
  });
});

describe('smcp audit verify', () => {
  it('is content with whole chains', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    await place.smcp(['keys', 'create', 'a', '--role', 'r']);
    const { code, stdout } = await place.smcp(['audit', 'verify', '--json']);
    expect(code).toBe(0);
    const verdict = JSON.parse(stdout);
    expect(verdict.ok).toBe(true);
    expect(verdict.writers.map(({ writer }: { writer: string }) => writer)).toEqual(['cli', 'gateway']);
    expect((await place.smcp(['audit', 'verify'])).stdout).toContain('Every chain is whole');
  });

  it('names file and line of a changed record and ends with 1', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const file = join(place.home, 'audit', 'gateway', '00000001.jsonl');
    const text = await readFile(file, 'utf8');
    const line = text.split('\n').findIndex((each) => each.includes('key:bob')) + 1;
    await writeFile(file, text.replace('key:bob', 'key:eve'));
    const { code, stdout } = await place.smcp(['audit', 'verify']);
    expect(code).toBe(1);
    expect(stdout).toContain(`${file}:${line}: `);
    expect(stdout).toContain('[CHANGED]');
    expect(stdout).toContain('The log is NOT as it was written');
  });

  it('notices a removed end', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const file = join(place.home, 'audit', 'gateway', '00000001.jsonl');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${lines.slice(0, 2).join('\n')}\n`);
    const { code, stdout } = await place.smcp(['audit', 'verify', '--json']);
    expect(code).toBe(1);
    expect(
      JSON.parse(stdout).writers[0].problems.map(({ code: found }: { code: string }) => found),
    ).toContain('CUT');
  });

  it('says so when there is nothing yet', async () => {
    await using place = await makePlace();
    expect(await place.smcp(['audit', 'verify'])).toMatchObject({
      code: 0,
      stdout: 'Nothing was recorded yet\n',
    });
  });
});

describe('smcp audit export', () => {
  it('writes JSON lines with the place of each record in its chain [S1-51]', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const { stdout } = await place.smcp(['audit', 'export', '--type', 'call']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        call: 'call-1',
        type: 'call',
        audit: { writer: 'gateway', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
      { call: 'call-3' },
    ]);
  });

  it('writes a file for its owner alone, and never over another', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const out = place.file('calls.jsonl');
    const first = await place.smcp(['audit', 'export', '--principal', 'key:alice', '--out', out, '--json']);
    expect(JSON.parse(first.stdout)).toEqual({ file: out, records: 4 });
    expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(4);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const second = await place.smcp(['audit', 'export', '--out', out]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
  });

  it('says that the folder does not exist', async () => {
    await using place = await makePlace();
    await record(place, CALLS);
    const { code, stderr } = await place.smcp(['audit', 'export', '--out', place.file('nope/calls.jsonl')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`The folder ${place.file('nope')} does not exist`);
  });
});
