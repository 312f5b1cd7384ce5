import { writeFile } from 'node:fs/promises';
import { openFoundation } from '@smcp/gateway';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { Collector, fakeTerminal, makePlace, type Place } from '../run-cli.ts';

const NOW = Date.parse('2026-11-20T14:00:00.000Z');
const MINUTE = 60_000;

type StoredApproval = Parameters<Awaited<ReturnType<typeof openFoundation>>['store']['approvals']['add']>[0];

/** Asks for a call as a gateway with the same state folder does. */
async function ask({ home }: Place, id: string, more: Partial<StoredApproval> = {}): Promise<void> {
  await using foundation = await openFoundation({ env: {}, home });
  const entry: StoredApproval = {
    id,
    subject: `subject of ${id}`,
    tenant: 'default',
    principal: 'key:alice',
    delegation: [],
    server: 'slack',
    kind: 'tool',
    name: 'post_message',
    method: 'tools/call',
    digest: `sha256:${'a'.repeat(64)}`,
    policy: 'sha256:policy',
    rule: 'roles.eng.ask[0]',
    shown: '{\n  "text": "hi"\n}',
    whole: true,
    createdAt: new Date(NOW).toISOString(),
    expiresAt: new Date(NOW + 15 * MINUTE).toISOString(),
    validSeconds: 300,
    answerers: ['caller', 'operator'],
    ...more,
  };
  expect(await foundation.store.approvals.add(entry, { maxPending: 99, maxPendingPerPrincipal: 99 })).toBe(
    true,
  );
}

async function stored({ home }: Place, id: string) {
  await using foundation = await openFoundation({ env: {}, home });
  return await foundation.store.approvals.get(id);
}

async function systemRecords(place: Place) {
  const { stdout } = await place.smcp(['audit', 'export', '--type', 'system']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Runs the command with a person at a terminal who types `typed`. */
async function atTerminal({ home }: Place, typed: string, ...args: readonly string[]) {
  const stdin = fakeTerminal();
  const [stdout, stderr] = [new Collector(), new Collector()];
  stdin.end(typed);
  const io = { stdin, stdout, stderr, env: { SMCP_HOME: home }, now: () => NOW };
  const code = await main(['node', 'smcp', 'approvals', ...args], io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe('smcp approvals list', () => {
  it('is a table of what waits, newest first', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    await ask(place, 'apr-2', {
      createdAt: '2026-11-20T14:01:00.000Z',
      principal: 'agent:bot',
      delegation: ['key:al'],
    });
    const { code, stdout } = await place.smcp(['approvals', 'list'], { now: NOW });
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^ID +STATE +ASKED BY +CALL +RULE +ASKED +OPEN UNTIL$/);
    expect(lines[1]).toMatch(
      /^apr-2 +pending +agent:bot for key:al +tool slack:post_message +roles\.eng\.ask\[0\] /,
    );
    expect(lines[2]).toMatch(/^apr-1 .* 2026-11-20 14:00:00 +2026-11-20 14:15:00$/);
  });

  it('gives machines everything but the digest of the subject', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    const { stdout, stderr } = await place.smcp(['approvals', 'list', '--json'], { now: NOW });
    expect(stderr).toBe('');
    const { approvals } = JSON.parse(stdout);
    expect(approvals).toMatchObject([
      { id: 'apr-1', state: 'pending', status: 'pending', shown: '{\n  "text": "hi"\n}' },
    ]);
    expect(approvals[0]).not.toHaveProperty('subject');
  });

  it('leaves out what is over, unless asked for all, with the state that it is in', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-expired');
    for (const id of ['apr-denied', 'apr-lapsed']) {
      await ask(place, id);
      const verb = id === 'apr-denied' ? 'deny' : 'approve';
      expect((await place.smcp(['approvals', verb, id], { now: NOW })).code).toBe(0);
    }
    const now = NOW + 15 * MINUTE;
    expect((await place.smcp(['approvals', 'list'], { now })).stdout).toBe('Nothing waits for approval\n');
    const { stdout } = await place.smcp(['approvals', 'list', '--all', '--json'], { now });
    expect(JSON.parse(stdout).approvals.map(({ id, state }: Record<string, string>) => [id, state])).toEqual([
      ['apr-denied', 'denied'],
      ['apr-expired', 'expired'],
      ['apr-lapsed', 'lapsed'],
    ]);
  });

  it('says so when nothing was ever asked', async () => {
    await using place = await makePlace();
    expect((await place.smcp(['approvals', 'list', '--all'])).stdout).toBe('Nothing has been asked\n');
  });

  it('does not let a name command the terminal or fill more than its line', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1', { name: 'x\u001b[2J\nEVIL\u202e', principal: 'key:\u0007' });
    const { stdout } = await place.smcp(['approvals', 'list'], { now: NOW });
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('smcp approvals show', () => {
  it('shows the call with its arguments', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1', { whole: false });
    const { stdout } = await place.smcp(['approvals', 'show', 'apr-1'], { now: NOW });
    expect(stdout).toBe(`Question:    apr-1
State:       pending
Call:        tool slack:post_message (tools/call)
Asked by:    key:alice, tenant default
Rule:        roles.eng.ask[0] of policy sha256:policy
Digest:      sha256:${'a'.repeat(64)}
Asked:       2026-11-20 14:00:00
Open until:  2026-11-20 14:15:00
CAUTION: parts of the arguments are hidden or left out
Arguments:
{
  "text": "hi"
}
`);
  });

  it('says who answered, and until when that is valid', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1', { shown: '' });
    await place.smcp(['approvals', 'approve', 'apr-1', '--by', 'carol'], { now: NOW });
    const { stdout } = await place.smcp(['approvals', 'show', 'apr-1'], { now: NOW });
    expect(stdout).toContain('State:       approved\n');
    expect(stdout).toContain(
      'Answered:    2026-11-20 14:00:00 by operator:carol\nValid until: 2026-11-20 14:05:00\n',
    );
    expect(stdout).toMatch(/Arguments: {3}none\n$/);
  });

  it('refuses an id that there is not', async () => {
    await using place = await makePlace();
    const { code, stdout } = await place.smcp(['approvals', 'show', 'apr-9', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'NOT_FOUND', remedy: 'see: smcp approvals list' });
  });
});

describe('smcp approvals approve', () => {
  it('names the call that it let through, and says until when', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    const { code, stdout } = await place.smcp(['approvals', 'approve', 'apr-1'], { now: NOW + MINUTE });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'Approved tool slack:post_message for key:alice (apr-1); it can be used once, until 2026-11-20 14:06:00 UTC\n',
    });
    expect(await stored(place, 'apr-1')).toMatchObject({
      status: 'approved',
      answeredBy: expect.stringMatching(/^operator:./),
      validUntil: '2026-11-20T14:06:00.000Z',
    });
  });

  it('records who approved what, under the name that was given beside that of the system', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    const { stdout } = await place.smcp(['approvals', 'approve', 'apr-1', '--by', 'carol@acme', '--json'], {
      now: NOW,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      id: 'apr-1',
      state: 'approved',
      answeredBy: 'operator:carol@acme',
      changed: true,
    });
    expect(await systemRecords(place)).toMatchObject([
      {
        event: 'approval.approved',
        detail: {
          id: 'apr-1',
          by: 'carol@acme',
          osUser: expect.any(String),
          principal: 'key:alice',
          tenant: 'default',
          server: 'slack',
          kind: 'tool',
          name: 'post_message',
          digest: `sha256:${'a'.repeat(64)}`,
          rule: 'roles.eng.ask[0]',
        },
      },
    ]);
  });

  it.each(['approve', 'deny'])(
    'refuses to answer again after %s, and changes and records nothing',
    async (first) => {
      await using place = await makePlace();
      await ask(place, 'apr-1');
      await place.smcp(['approvals', first, 'apr-1', '--by', 'carol'], { now: NOW });
      const before = await stored(place, 'apr-1');
      for (const verb of ['approve', 'deny']) {
        const { code, stdout } = await place.smcp(['approvals', verb, 'apr-1', '--json'], { now: NOW });
        expect(code).toBe(1);
        expect(JSON.parse(stdout).error).toMatchObject({
          code: 'APPROVAL_CLOSED',
          message: `apr-1 was answered already: ${String(before?.status)}, by operator:carol`,
        });
      }
      expect(await stored(place, 'apr-1')).toEqual(before);
      expect(await systemRecords(place)).toHaveLength(1);
    },
  );

  it('refuses what has expired', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    const { code, stderr } = await place.smcp(['approvals', 'approve', 'apr-1'], { now: NOW + 15 * MINUTE });
    expect(code).toBe(1);
    expect(stderr).toContain('apr-1 expired at 2026-11-20 14:15:00 UTC');
    expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
    expect(await systemRecords(place)).toEqual([]);
  });

  it('refuses what operators may not answer', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1', { answerers: ['caller'] });
    const { code, stdout } = await place.smcp(['approvals', 'approve', 'apr-1', '--json'], { now: NOW });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error.code).toBe('APPROVAL_FORBIDDEN');
    expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
  });

  it('refuses an id that there is not, and a second one', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    await ask(place, 'apr-2');
    expect((await place.smcp(['approvals', 'approve', 'apr-9'], { now: NOW })).code).toBe(1);
    expect((await place.smcp(['approvals', 'approve', 'apr-'], { now: NOW })).code).toBe(1);
    expect((await place.smcp(['approvals', 'approve'], { now: NOW })).code).toBe(2);
    expect((await place.smcp(['approvals', 'approve', 'apr-1', 'apr-2'], { now: NOW })).code).toBe(2);
    expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
  });

  it.each(['', 'a b', 'root\nevil', '-x', 'x'.repeat(65), 'operator:root'])(
    'refuses %j for a name',
    async (by) => {
      await using place = await makePlace();
      await ask(place, 'apr-1');
      expect((await place.smcp(['approvals', 'approve', 'apr-1', `--by=${by}`], { now: NOW })).code).toBe(2);
      expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
    },
  );

  it('changes nothing when it cannot be recorded', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    await writeFile(`${place.home}/audit`, 'no folder');
    expect((await place.smcp(['approvals', 'approve', 'apr-1'], { now: NOW })).code).toBe(1);
    expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
  });

  it.each(['y\n', 'yes\n', ' YES \r\n'])(
    'at a terminal shows the call first, and takes %j',
    async (typed) => {
      await using place = await makePlace();
      await ask(place, 'apr-1');
      const { code, stdout, stderr } = await atTerminal(place, typed, 'approve', 'apr-1');
      expect(stderr).toContain('Call:        tool slack:post_message');
      expect(stderr).toMatch(/"text": "hi"\n\}\n\nApprove this call\? \[y\/N\] $/);
      expect({ code, approved: stdout.startsWith('Approved tool') }).toEqual({ code: 0, approved: true });
    },
  );

  it.each(['\n', 'n\n', 'no\n', 'yep\n', '\ny\n', '', 'approve\n'])(
    'at a terminal takes %j for a no',
    async (typed) => {
      await using place = await makePlace();
      await ask(place, 'apr-1');
      const { code, stdout } = await atTerminal(place, typed, 'approve', 'apr-1');
      expect({ code, stdout }).toEqual({ code: 1, stdout: 'Nothing was approved; apr-1 stays open\n' });
      expect(await stored(place, 'apr-1')).toMatchObject({ status: 'pending' });
      expect(await systemRecords(place)).toEqual([]);
    },
  );

  it('at a terminal with --yes does not ask', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1');
    const { code, stderr } = await atTerminal(place, '', 'approve', 'apr-1', '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('smcp approvals deny', () => {
  it('names the call and records who refused it, without asking', async () => {
    await using place = await makePlace();
    await ask(place, 'apr-1', { principal: 'agent:bot', delegation: ['key:alice'] });
    const { code, stdout } = await atTerminal(place, '', 'deny', 'apr-1');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Denied tool slack:post_message for agent:bot for key:alice (apr-1)\n',
    });
    expect(await stored(place, 'apr-1')).toMatchObject({ status: 'denied' });
    expect(await systemRecords(place)).toMatchObject([{ event: 'approval.denied', detail: { id: 'apr-1' } }]);
  });
});

describe('smcp policy', () => {
  const CONFIG = `
servers: { slack: { url: "https://mcp.example.com/mcp" } }
api_keys: [{ name: alice, key: "\${KEY}", role: eng }]
roles:
  eng:
    allow: ["slack:*"]
    ask: ["slack:post_*", "slak:x"]
`;

  it('explain says that a call has to be approved', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    const args = ['policy', 'explain', '-c', file, '--role', 'eng', '--tool', 'slack:post_message'];
    const { code, stdout } = await place.smcp(args);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ASK {2}slack:post_message {2}for role eng {2}\(roles\.eng\.ask\[0\] at .*:7/);
    const { considered, ...decision } = JSON.parse((await place.smcp([...args, '--json'])).stdout);
    expect(decision).toMatchObject({ effect: 'ask', rule: 'roles.eng.ask[0]', source: { line: 7 } });
    expect(considered.map(({ effect, matched }: Record<string, unknown>) => [effect, matched])).toEqual([
      ['ask', true],
      ['ask', false],
      ['allow', true],
    ]);
  });

  it('lint looks at ask rules', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', CONFIG);
    const { code, stdout } = await place.smcp(['policy', 'lint', '-c', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings).toMatchObject([
      { code: 'server-unknown', rule: 'roles.eng.ask[1]', line: 7 },
    ]);
  });
});
