import { LoadError, type BenchClient, type Endpoint } from './bench-client.ts';
import { runClosedLoop, type CallIds } from './closed-loop.ts';
import { createEchoCall, ifWrong } from './echo-call.ts';
import { HttpClient } from './http-client.ts';
import type { Job, JobAnswer } from './job.ts';
import { StdioClient } from './stdio-client.ts';

/** Sessions opened at the same time: some servers start a process for each. */
const OPENING = 4;

interface Case {
  readonly clients: readonly BenchClient[];
  readonly ids: CallIds;
  readonly stack: AsyncDisposableStack;
}

const cases = new Map<string, Case>();

async function open(name: string, endpoint: Endpoint, count: number): Promise<void> {
  const stack = new AsyncDisposableStack();
  const clients: BenchClient[] = [];
  cases.set(name, { clients, ids: { next: 1 }, stack });
  if (endpoint.kind === 'stdio') {
    const shared = stack.use(await StdioClient.open(endpoint.args));
    clients.push(...Array.from({ length: count }, () => shared));
    return;
  }
  await inBatches(count, async () => {
    clients.push(stack.use(await HttpClient.open(endpoint)));
  });
}

async function hold(name: string, endpoint: Endpoint, sessions: number): Promise<void> {
  if (endpoint.kind !== 'http') {
    throw new TypeError('Only HTTP sessions can be held');
  }
  const stack = new AsyncDisposableStack();
  cases.set(name, { clients: [], ids: { next: 1 }, stack });
  await inBatches(sessions, async (index) => {
    const client = stack.use(await HttpClient.open(endpoint));
    await client.openStream();
    const call = createEchoCall(1, `${index}`);
    const problem = ifWrong(call, await client.request(call.id, call.request));
    if (problem !== undefined) {
      throw new LoadError(problem);
    }
    await client.dropConnection();
  });
}

async function inBatches(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += OPENING) {
    const batch = Array.from({ length: Math.min(OPENING, count - done) }, (_, index) => work(done + index));
    await Promise.all(batch);
  }
}

async function perform(job: Job): Promise<JobAnswer> {
  switch (job.kind) {
    case 'open':
      await open(job.name, job.endpoint, job.clients);
      return { ok: true };
    case 'hold':
      await hold(job.name, job.endpoint, job.sessions);
      return { ok: true };
    case 'run': {
      const found = cases.get(job.name);
      if (found === undefined) {
        throw new RangeError(`No case "${job.name}" is open`);
      }
      return { ok: true, figures: await runClosedLoop(found.clients, found.ids, job.ms) };
    }
    case 'close':
      await cases.get(job.name)?.stack.disposeAsync();
      cases.delete(job.name);
      return { ok: true };
    default:
      throw new TypeError('Unknown job');
  }
}

process.on('message', (job: Job) => {
  perform(job)
    .catch((error: unknown): JobAnswer => ({ ok: false, message: (error as Error).message }))
    .then((answer) => process.send?.(answer))
    .catch(() => process.exit(1));
});
process.on('disconnect', () => {
  process.exit(0);
});
process.send?.('ready');
