import { parseArgs } from 'node:util';
import { chosen } from '../chosen.ts';

export const CLIENT_KINDS = ['v1', 'v2', 'raw'] as const;
export const UPSTREAM_KINDS = ['stdio', 'http-legacy', 'http-modern'] as const;

/** `v1`: the SDK of 2025-11-25. `v2`: the SDK that speaks either era, whichever it finds. `raw`: MCP 2026-07-28 without an SDK. */
export type ClientKind = (typeof CLIENT_KINDS)[number];
export type UpstreamKind = (typeof UPSTREAM_KINDS)[number];

export interface Options {
  readonly minutes: number;
  /** Begin of all randomness: the same number gives the same decisions, though not the same times. */
  readonly seed: number;
  readonly clients: readonly ClientKind[];
  readonly upstreams: readonly UpstreamKind[];
  /** File for all figures as JSON. */
  readonly json: string | undefined;
}

const DEFAULT_MINUTES = '10';
const MAX_MINUTES = 24 * 60;
const MAX_SEED = 2 ** 32 - 1;

export const USAGE = `Usage: node bench/soak/run.ts [options]
  --minutes N       how long the clients call; default ${DEFAULT_MINUTES}
  --seed N          begin of all randomness, a whole number; default: a random one, which is printed
  --clients NAME    ${CLIENT_KINDS.join(', ')}; several times for several; default: all
  --upstreams NAME  ${UPSTREAM_KINDS.join(', ')}; several times for several; default: all
  --json FILE       write all figures as JSON`;

/**
 * @param randomSeed Seed to take when none is given.
 * @throws {TypeError} When an option is unknown, lacks its value, or has one that cannot be.
 */
export function parseOptions(args: readonly string[], randomSeed: number): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: DEFAULT_MINUTES },
      seed: { type: 'string', default: `${randomSeed}` },
      clients: { type: 'string', multiple: true, default: [] },
      upstreams: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (values.minutes.trim() === '' || !(minutes > 0 && minutes <= MAX_MINUTES)) {
    throw new TypeError(`--minutes is a number above 0, at most ${MAX_MINUTES}, got "${values.minutes}"`);
  }
  if (!/^\d+$/.test(values.seed) || seed > MAX_SEED) {
    throw new TypeError(`--seed is a whole number from 0 to ${MAX_SEED}, got "${values.seed}"`);
  }
  return {
    minutes,
    seed,
    clients: chosen('--clients', values.clients, CLIENT_KINDS),
    upstreams: chosen('--upstreams', values.upstreams, UPSTREAM_KINDS),
    json: values.json,
  };
}
