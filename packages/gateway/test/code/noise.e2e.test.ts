import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@smcp/protocol';
import { describe, expect, it } from 'vitest';
import { serverCommand } from '../eras/harness/server-process.ts';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { toExecuted, type Executed } from './code-stage.ts';
import { startCodeProcess, type CodeProcess } from './code-process.ts';
import { runnersOf } from './processes.ts';

const PEOPLE = ['ann', 'ben', 'cat', 'dan', 'eve'];
const KINDS = ['memory', 'loop', 'memory', 'loop'] as const;

const BOMBS = {
  memory: `const all: unknown[] = []; for (;;) all.push(new Array(20_000).fill(Math.random()))`,
  loop: `for (;;);`,
};
const ENDS = { memory: 'memory', loop: 'timeout' } as const;
const SESSIONS = PEOPLE.flatMap((who) => KINDS.map((kind, index) => ({ who, kind, session: `s${index}` })));

async function run(gateway: CodeProcess, who: string, code: string, session: string): Promise<Executed> {
  const params = { name: 'smcp_execute', arguments: { code, session, timeout: 30 } };
  const { result, error } = await gateway.client(who).request('tools/call', params);
  if (result === undefined) throw new Error(`Not executed: ${JSON.stringify(error)}`);
  return toExecuted(result as JsonObject);
}

interface Neighbour {
  readonly latencies: readonly number[];
  readonly wrong: readonly unknown[];
}

/** Calls a plain tool again and again while something goes on. */
async function callMeanwhile(gateway: CodeProcess, goesOn: () => boolean): Promise<Neighbour> {
  const client = gateway.client('neighbour', '/mcp/plain');
  const latencies: number[] = [];
  const wrong: unknown[] = [];
  for (let number = 0; goesOn(); number += 1) {
    const before = performance.now();
    const { result, error } = await client.request('tools/call', {
      name: 'echo',
      arguments: { text: `n${number}` },
    });
    latencies.push(performance.now() - before);
    if (JSON.stringify(result?.['content']) !== JSON.stringify([{ type: 'text', text: `n${number}` }])) {
      wrong.push(result ?? error);
    }
    await sleep(5);
  }
  return { latencies, wrong };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

describe('ten memory bombs and ten endless loops in twenty sessions at once', () => {
  it('end as what they are, while a neighbour’s plain calls are all answered, and leave nothing [S0-16] [S0-26]', async () => {
    await using gateway = await startCodeProcess({
      people: [...PEOPLE, 'neighbour'],
      servers: { plain: serverCommand('handshake', 'stdio') },
      codeMode: { runners: { max: 32 }, limits: { cpu_seconds: 3 } },
    });
    await gateway
      .client('neighbour', '/mcp/plain')
      .request('tools/call', { name: 'echo', arguments: { text: '' } });
    for (const { who, session } of SESSIONS) await run(gateway, who, 'return 1', session);
    const quiet = performance.now();
    const { latencies: before } = await callMeanwhile(gateway, () => performance.now() - quiet < 1000);

    let open = true;
    const neighbour = callMeanwhile(gateway, () => open);
    const bombs = SESSIONS.map(async ({ who, session, kind }) => {
      const { data, text } = await run(gateway, who, BOMBS[kind], session);
      return { kind, ended: data['status'] === ENDS[kind] ? ENDS[kind] : text };
    });
    const ended = await Promise.all(bombs);
    open = false;
    const { latencies, wrong } = await neighbour;

    console.log(
      `plain calls of a neighbour: p50 ${percentile(before, 0.5).toFixed(1)} ms, p99 ${percentile(before, 0.99).toFixed(1)} ms when it is quiet; ` +
        `p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms, worst ${Math.max(...latencies).toFixed(1)} ms of ${latencies.length} while they go off`,
    );
    expect(ended).toEqual(SESSIONS.map(({ kind }) => ({ kind, ended: ENDS[kind] })));
    expect(wrong).toEqual([]);
    expect(latencies.length).toBeGreaterThan(50);
    expect(percentile(latencies, 0.99)).toBeLessThan(1000);

    await waitUntil('the runners to be gone but for the warm ones', () =>
      runnersOf(gateway.pid).length <= 2 ? true : undefined,
    );
    expect(await run(gateway, 'ann', 'return 1', 's0')).toMatchObject({ result: 1 });
  });
});
