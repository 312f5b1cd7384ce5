import type { Endpoint } from '../load/bench-client.ts';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Way } from '../figures.ts';

/** One way to reach an upstream, ready for clients. */
export interface Target {
  readonly way: Way;
  readonly endpoint: Endpoint;
  /** The process in the middle, when there is one. */
  readonly process?: RunningProcess | undefined;
}
