import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/index.ts';

const FIXED = [
  'listen',
  'http',
  'audit',
  'telemetry',
  'trusted_proxies',
  'public_url',
  'workers',
  'code_mode',
] as const;

/** Settings that differ but are read at start only, for telling the operator. */
export function restartNeeded(running: Config, next: Config): readonly string[] {
  return FIXED.filter((key) => !isDeepStrictEqual(running[key], next[key]));
}
