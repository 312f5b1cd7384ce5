import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallSummary } from '../../src/index.ts';
import { openOperatorDesk } from '../../src/approval/index.ts';
import { openCodeStage, type CodeStage, type Person } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

interface Attempt {
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** What somebody gets who makes a call, in terms that every door has. */
type Got = { readonly text: string } | { readonly failed: string } | { readonly refused: string };

const ATTEMPTS: readonly Attempt[] = [
  { tool: 'echo', args: { text: 'hello' } },
  { tool: 'list', args: {} },
  { tool: 'pay', args: { to: 'bob', amount: 10 } },
  { tool: 'pay', args: { to: 'bob', amount: 500 } },
  { tool: 'pay', args: { to: 'eve', amount: 10 } },
  { tool: 'pay', args: { to: 'bob', Amount: 10 } },
  { tool: 'pay', args: {} },
  { tool: 'drop', args: { name: 'x' } },
  { tool: 'note', args: { text: 'a', secret: 's3cret' } },
  { tool: 'fail', args: { why: 'no money' } },
  { tool: 'nothing', args: { a: 1 } },
  { tool: 'constructor', args: {} },
  // One call per hour for everybody together.
  { tool: 'wait', args: { ms: 0, tag: 'a' } },
  { tool: 'wait', args: { ms: 0, tag: 'a' } },
];

const PEOPLE: readonly Person[] = ['alice', 'bob', 'ivan', 'olga'];

const ROLES = {
  eng: { allow: ['*:*'], deny: [{ tool: 'work:pay', arguments: { to: { const: 'eve' } } }] },
  intern: {
    allow: [
      'smcp:smcp_execute',
      'work:echo',
      'work:list',
      'work:fail',
      { tool: 'work:pay', arguments: { amount: { type: 'number', maximum: 100 } } },
    ],
    deny: ['work:l*'],
  },
  ops: {
    allow: ['*:*'],
    ask: ['work:drop', { tool: 'work:pay', arguments: { amount: { type: 'number', minimum: 100 } } }],
  },
};

/** Everything of a record that does not depend on when it was made, and through which door. */
function plain(record: CallSummary): unknown {
  const { call: _, time: _time, writer: _writer, seq: _seq, parent: _parent, door: _door, ...rest } = record;
  const { policyMicros: _policy, upstreamMicros: _upstream, resultBytes: _bytes, ...facts } = rest;
  const { approval, decision, ...others } = facts;
  const { source, ...decided } = decision;
  // The folder of the file is another for each gateway.
  const line = source === null ? null : source.line;
  return { ...others, decision: { ...decided, line }, asked: approval !== undefined };
}

type Way = (stage: CodeStage, who: Person, attempts: readonly Attempt[]) => Promise<readonly Got[]>;

function plainCalls(door: string, named: (tool: string) => string): Way {
  return async (stage, who, attempts) => {
    const client = stage.modern(who, door);
    const got: Got[] = [];
    for (const { tool, args } of attempts) {
      const { result, error } = await client.request('tools/call', { name: named(tool), arguments: args });
      const [block] = (result?.['content'] ?? []) as readonly { readonly text: string }[];
      const text = block?.text ?? '';
      if (error !== undefined) got.push({ refused: error.message.replace(named(tool), tool) });
      else got.push(result?.['isError'] === true ? { failed: text } : { text });
    }
    return got;
  };
}

const script: Way = async (stage, who, attempts) => {
  const code = `const got: unknown[] = [];
    for (const { tool, args } of ${JSON.stringify(attempts)}) {
      try {
        const { content, isError } = await call('work', tool, args, { raw: true });
        const [block] = content as { text: string }[];
        got.push(isError ? { failed: block?.text } : { text: block?.text });
      } catch (error) {
        got.push({ refused: (error as ToolError).message });
      }
    }
    return got;`;
  const executed = await stage.run(who, code);
  if (executed.isError) throw new Error(executed.text);
  return executed.result as readonly Got[];
};

const DOORS: Readonly<Record<string, Way>> = {
  '/mcp': plainCalls('/mcp', (tool) => `work_${tool}`),
  '/mcp/work': plainCalls('/mcp/work', (tool) => tool),
  'a script': script,
};

interface Seen {
  readonly got: Readonly<Record<string, readonly Got[]>>;
  readonly records: readonly CallSummary[];
  readonly executed: readonly string[];
}

async function tryAll(work: WorkServer, way: Way): Promise<Seen> {
  work.forget();
  await using stage = await openCodeStage({
    servers: {
      work: {
        url: work.url,
        tools: { note: { redact: ['secret'] }, wait: { rate: { calls: '1/h' } } },
      },
    },
    roles: ROLES,
  });
  const got: Record<string, readonly Got[]> = {};
  for (const who of PEOPLE) got[who] = await way(stage, who, ATTEMPTS);
  // What an operator approves counts for the same call, made again.
  const desk = openOperatorDesk(stage.fixture.foundation.store.approvals, Date.now);
  for (const { id } of await desk.list()) await desk.answer(id, 'approve', { by: 'operator', user: 'dana' });
  const asked = ATTEMPTS.filter(({ tool, args }) => tool === 'drop' || args['amount'] === 500);
  got['olga again'] = await way(stage, 'olga', [...asked, ...asked]);
  const records = (await stage.calls()).filter(({ name }) => name !== 'smcp_execute');
  expect((await stage.verify()).ok).toBe(true);
  return { got, records, executed: [...work.names] };
}

/** Ids and times differ from one gateway to the next; the words for what does not exist from one door to another. */
function comparable(got: Seen['got']): unknown {
  return Object.fromEntries(
    Object.entries(got).map(([who, all]) => [
      who,
      all.map((one) =>
        'refused' in one
          ? {
              refused: one.refused
                .replace(/^Tool '.*' not found for server work.*$/, 'unknown')
                .replace(/^Unknown tool: .*$/, 'unknown')
                .replaceAll(/apr-[\w-]+/g, 'apr')
                .replaceAll(/\d\d:\d\d:\d\d/g, 'then')
                .replaceAll(/\d+ (s|seconds)/g, 'soon'),
            }
          : one,
      ),
    ]),
  );
}

describe('the doors', () => {
  const seen: Record<string, Seen> = {};
  let work: WorkServer;

  beforeAll(async () => {
    work = await startWorkServer();
    for (const [door, way] of Object.entries(DOORS)) seen[door] = await tryAll(work, way);
  });

  afterAll(async () => {
    await work[Symbol.asyncDispose]();
  });

  const of = (door: string): Seen => {
    const found = seen[door];
    if (found === undefined) throw new Error(`Nothing was tried at ${door}`);
    return found;
  };

  it('were tried with calls that end in every way', () => {
    const { records } = of('/mcp/work');
    const ends = new Set(records.map(({ outcome, code }) => code ?? outcome));
    expect([...ends].sort()).toEqual([
      'APPROVAL_REQUIRED',
      'DENIED',
      'RATE_LIMITED',
      'UNKNOWN',
      'ok',
      'tool_error',
    ]);
    expect(records).toHaveLength(PEOPLE.length * ATTEMPTS.length + 4);
  });

  it.each(Object.keys(DOORS))('give callers at %s the same answers and refusals', (door) => {
    expect(comparable(of(door).got)).toEqual(comparable(of('/mcp/work').got));
  });

  it.each(Object.keys(DOORS))('let the same calls through at %s', (door) => {
    expect(of(door).executed).toEqual(of('/mcp/work').executed);
    expect(of(door).executed.length).toBeGreaterThan(15);
  });

  it('have the same decisions and records at /mcp/work and in a script, all but way, parent, ids and times [S1-18] [S1-51] (A95)', () => {
    expect(of('a script').records.map(plain)).toEqual(of('/mcp/work').records.map(plain));
    expect(new Set(of('a script').records.map(({ door }) => door))).toEqual(new Set(['script']));
    expect(of('a script').records.every(({ parent }) => parent !== undefined)).toBe(true);
  });

  it('have the same at /mcp, but for names that lead nowhere', () => {
    const known = (records: readonly CallSummary[]): unknown =>
      records.filter(({ name }) => !/nothing|constructor/.test(name)).map(plain);
    expect(known(of('/mcp').records)).toEqual(known(of('/mcp/work').records));
  });
});
