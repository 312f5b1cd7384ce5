import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from '../dice.ts';
import type { Ledger } from '../ledger.ts';
import type { ClientKind, UpstreamKind } from '../options.ts';
import { kindOf, type Address, type Caller } from './caller.ts';
import { openRawCaller } from './raw-caller.ts';
import { openV1Caller } from './v1-caller.ts';
import { openV2Caller } from './v2-caller.ts';

const CALLS_PER_LIFE = { least: 3, most: 40 };
const PAUSE_MS = { least: 0, most: 30 };
const SLOW_SHARE = 0.2;
const SLOW_MS = { least: 20, most: 250 };
const VANISH_SHARE = 0.3;
const ABANDON_SHARE = 0.4;
const VANISH_AFTER_MS = { least: 5, most: 150 };
const AFTER_ERROR_MS = 50;
const JOINT_SHARE = 0.5;

/** Where a worker's clients go. */
export interface Territory {
  /** Scheme, host and port of the gateway. */
  readonly origin: string;
  readonly keys: readonly string[];
  readonly servers: readonly UpstreamKind[];
}

export interface WorkerFigures {
  readonly lives: number;
  readonly answered: number;
  readonly vanished: number;
  readonly abandoned: number;
  /** Clients that could not even begin, by what they failed with. */
  readonly failedOpenings: Readonly<Record<string, number>>;
}

const OPEN: Readonly<Record<ClientKind, (address: Address) => Promise<Caller>>> = {
  v1: openV1Caller,
  v2: openV2Caller,
  raw: openRawCaller,
};

/** Lives one life of a client after the other until the signal fires: opens, calls, and ends, is abandoned, or vanishes in the middle of a call. */
export async function work(
  name: string,
  kind: ClientKind,
  territory: Territory,
  dice: Dice,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<WorkerFigures> {
  const failedOpenings: Record<string, number> = {};
  const figures = { lives: 0, answered: 0, vanished: 0, abandoned: 0, failedOpenings };
  while (!signal.aborted) {
    figures.lives += 1;
    // `/mcp` joins all servers and puts their names before those of the tools; `/mcp/<server>` has one under its own names.
    const joint = dice.chance(JOINT_SHARE);
    const only = dice.pick(territory.servers);
    const url = `${territory.origin}/mcp${joint ? '' : `/${only}`}`;
    const toolOf = (server: UpstreamKind): string => (joint ? `${server}_count` : 'count');
    const key = dice.pick(territory.keys);
    let caller: Caller;
    try {
      caller = await OPEN[kind]({ url, key });
    } catch (error) {
      const why = kindOf(error);
      failedOpenings[why] = (failedOpenings[why] ?? 0) + 1;
      await sleep(AFTER_ERROR_MS);
      continue;
    }
    const calls = dice.between(CALLS_PER_LIFE.least, CALLS_PER_LIFE.most);
    for (let call = 0; call < calls && !signal.aborted; call += 1) {
      const tool = toolOf(joint ? dice.pick(territory.servers) : only);
      if (await makeCall(caller, tool, `${name}.${figures.lives}.${call}`, dice, ledger)) {
        figures.answered += 1;
      }
      await sleep(dice.between(PAUSE_MS.least, PAUSE_MS.most));
    }
    if (dice.chance(VANISH_SHARE)) {
      figures.vanished += 1;
      await vanishInCall(caller, toolOf(only), `${name}.${figures.lives}.last`, dice, ledger);
    } else if (dice.chance(ABANDON_SHARE)) {
      figures.abandoned += 1;
      await caller.vanish();
    } else {
      // A session that cannot be ended any more is one that the gateway forgot: nothing to end.
      await caller.end().catch(() => undefined);
    }
  }
  return figures;
}

/** Whether it was answered. */
async function makeCall(
  caller: Caller,
  tool: string,
  tag: string,
  dice: Dice,
  ledger: Ledger,
): Promise<boolean> {
  const delayMs = dice.chance(SLOW_SHARE) ? dice.between(SLOW_MS.least, SLOW_MS.most) : 0;
  ledger.open(tag);
  try {
    await caller.call(tool, { tag, delayMs });
    ledger.answered(tag);
    return true;
  } catch (error) {
    ledger.failed(tag, kindOf(error));
    await sleep(AFTER_ERROR_MS);
    return false;
  }
}

async function vanishInCall(
  caller: Caller,
  tool: string,
  tag: string,
  dice: Dice,
  ledger: Ledger,
): Promise<void> {
  ledger.open(tag);
  const call = caller.call(tool, { tag, delayMs: SLOW_MS.most }).then(
    () => ledger.answered(tag),
    (error: unknown) => ledger.failed(tag, kindOf(error)),
  );
  await sleep(dice.between(VANISH_AFTER_MS.least, VANISH_AFTER_MS.most));
  ledger.vanished(tag);
  await caller.vanish();
  await call;
}
