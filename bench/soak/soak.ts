import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../lifetime/workspace.ts';
import { spreadChaos } from './chaos.ts';
import { PATIENCE_MS } from './client/caller.ts';
import { work, type WorkerFigures } from './client/worker.ts';
import { Dice } from './dice.ts';
import type { SoakFigures } from './figures.ts';
import { startSoakGateway, type SoakGateway } from './gateway.ts';
import { Ledger } from './ledger.ts';
import type { ClientKind, Options } from './options.ts';
import { startUpstream } from './upstream/upstreams.ts';
import { verifyAudit } from './verify-audit.ts';
import { stillRunning } from './watch/process-tree.ts';
import { ifTrends, watch } from './watch/watch.ts';

const MINUTE_MS = 60_000;
const WORKERS_PER_KIND = 4;
const WARM_UP_SHARE = 0.2;
const MAX_WARM_UP_MINUTES = 2;
const STOP_MS = 20_000;
const PROGRESS_MS = 30_000;
/** Time for the calls in flight to come to an end: more than anybody waits for one. */
const SETTLE_MS = PATIENCE_MS + 15_000;

/** Lets clients of all kinds call servers that are killed at random, through one gateway, and finds out what became of every call. */
export async function soak(
  workspace: Workspace,
  options: Options,
  progress: (text: string) => void,
): Promise<SoakFigures> {
  const { minutes, seed, clients } = options;
  const began = performance.now();
  const upstreams = await Promise.all(
    options.upstreams.map(async (kind) => await startUpstream(workspace, kind)),
  );
  const gateway = await startSoakGateway(workspace, upstreams);
  const ledger = new Ledger();
  const over = AbortSignal.timeout(minutes * MINUTE_MS);
  const watching = new AbortController();
  const watched = watch(gateway.process.pid, watching.signal);
  const telling = tellProgress(ledger, progress, over);
  const chaos = spreadChaos(upstreams, new Dice(seed, 'chaos'), over);
  const territory = { origin: gateway.origin, keys: gateway.keys, servers: options.upstreams };
  const working = clients.flatMap((kind) =>
    Array.from({ length: WORKERS_PER_KIND }, async (_, at) => {
      const name = `${kind}-${at}`;
      const figures = await work(name, kind, territory, new Dice(seed, name), ledger, over);
      return { kind, ...figures };
    }),
  );
  const kills = await chaos;
  await telling;
  progress('Time is up: waiting for the calls in flight');
  const workers = await allOf(working, clients);
  watching.abort();
  const { samples, descendants } = await watched;
  const gatewayEndedWell = await endedWell(gateway);
  const leftOver = stillRunning(descendants).length;
  const executed = upstreams.map((upstream) => [upstream.kind, upstream.executed()] as const);
  progress('Verifying the audit log');
  const warmUpMinutes = Math.min(minutes * WARM_UP_SHARE, MAX_WARM_UP_MINUTES);
  return {
    options: { minutes, seed, clients, upstreams: options.upstreams },
    seconds: Math.round((performance.now() - began) / 1000),
    calls: ledger.compare(executed.flatMap(([, tags]) => tags)),
    executed: Object.fromEntries(executed.map(([kind, tags]) => [kind, tags.length])),
    workers,
    kills,
    gatewayEndedWell,
    warmUpMinutes,
    trends: ifTrends(samples, warmUpMinutes),
    samples,
    leftOver,
    audit: await verifyAudit(gateway.home),
  };
}

/** The figures of all workers; of those that hang, nothing: their calls stay open in the ledger. */
async function allOf(
  working: readonly Promise<{ readonly kind: ClientKind } & WorkerFigures>[],
  clients: readonly ClientKind[],
): Promise<SoakFigures['workers']> {
  const timeout = new AbortController();
  const late = sleep(SETTLE_MS, undefined, { signal: timeout.signal }).then(
    () => undefined,
    () => undefined,
  );
  const figures = await Promise.all(working.map(async (one) => await Promise.race([one, late])));
  timeout.abort();
  return figures.map(
    (one, at) =>
      one ?? {
        kind: clients[Math.floor(at / WORKERS_PER_KIND)] ?? 'raw',
        lives: 0,
        answered: 0,
        vanished: 0,
        abandoned: 0,
        failedOpenings: { 'did not come to an end': 1 },
      },
  );
}

/** Asks the gateway to end; false when it had ended before, or has to be forced. */
async function endedWell({ process: gateway }: SoakGateway): Promise<boolean> {
  if (gateway.ended) {
    return false;
  }
  const exited = once(gateway.child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
  gateway.child.kill('SIGTERM');
  try {
    const [code] = (await exited) as [number | null];
    return code === 0;
  } catch {
    await gateway.kill();
    return false;
  }
}

async function tellProgress(
  ledger: Ledger,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(PROGRESS_MS, undefined, { signal }).catch(() => undefined);
    progress(`${ledger.size} calls`);
  }
}
