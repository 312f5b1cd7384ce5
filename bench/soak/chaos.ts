import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { UpstreamKind } from './options.ts';
import type { Upstream } from './upstream/upstreams.ts';

const CALM_MS = { least: 1500, most: 6000 };
const DOWN_MS = { least: 0, most: 1500 };

export type Kills = Readonly<Partial<Record<UpstreamKind, number>>>;

/** Kills one server after the other and brings it back, until the signal fires; then all of them run. */
export async function spreadChaos(
  upstreams: readonly Upstream[],
  dice: Dice,
  signal: AbortSignal,
): Promise<Kills> {
  const kills = new Map<UpstreamKind, number>();
  while (await calm(dice.between(CALM_MS.least, CALM_MS.most), signal)) {
    const upstream = dice.pick(upstreams);
    await upstream.kill();
    kills.set(upstream.kind, (kills.get(upstream.kind) ?? 0) + 1);
    await sleep(dice.between(DOWN_MS.least, DOWN_MS.most));
    await upstream.restart();
  }
  return Object.fromEntries(kills);
}

/** Waits; false when the signal fired before the time was over. */
async function calm(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
