import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import type { Layer } from '../../engine.ts';
import { commandOf, type Layering } from '../../layers/layering.ts';
import { DEFAULT_LIMITS, type ScriptLimits } from '../../limits.ts';
import type { Outcome } from '../../outcome.ts';
import { runOnce } from '../../process/run-once.ts';
import type { RunnerProcess } from '../../process/runner-process.ts';
import { SandboxError } from '../../sandbox-error.ts';
import { brokenPromises, parseProbeReport } from './probe-report.ts';
import { runOwnScript } from './own-script.ts';
import type { JavaScriptPrograms } from './programs.ts';

const MIB = 1024 * 1024;
const ATTEMPTS_TIMEOUT_MS = 20_000;
const LOOP_MS = 100;

const LIMITS: ScriptLimits = { ...DEFAULT_LIMITS, heapBytes: 16 * MIB };

export interface SelfTestOptions {
  readonly programs: JavaScriptPrograms;
  readonly layering: Layering;
  /** What is said to be active. */
  readonly layers: readonly Layer[];
  readonly memoryBytes: number;
  readonly start: () => Promise<RunnerProcess>;
}

/**
 * Proves on this machine that the layers do what they are said to do: scripts give values, a loop and a memory bomb are ended, and what an attacker who has
 * left the isolate would try next is refused by each layer that is active.
 *
 * @returns The layers, with those that only a runner knows.
 * @throws {SandboxError} `NOT_CONTAINED` when a layer does not keep its promise, `RUNNER_FAILED` when no runner starts.
 */
export async function selfTest(options: SelfTestOptions): Promise<readonly Layer[]> {
  // Settled together, so that nothing runs on when one of them fails.
  const results = await Promise.allSettled([testLayers(options), testRunner(options), testBomb(options)]);
  for (const result of results) {
    if (result.status === 'rejected') {
      throw result.reason;
    }
  }
  return [
    ...options.layers,
    { name: 'isolate', active: true, note: 'V8 isolate of its own for each run' },
    { name: 'jitless', active: true, note: 'no machine code made at run time, no WebAssembly' },
  ];
}

async function testLayers({ programs, layering, layers, memoryBytes }: SelfTestOptions): Promise<void> {
  const listener = net.createServer((socket) => socket.destroy());
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const args = [String(port), import.meta.filename, os.homedir(), String(memoryBytes)];
    const result = await runOnce(commandOf(programs.attempts(args), layering), ATTEMPTS_TIMEOUT_MS);
    if (!result.ok) {
      throw failed(`the probe ${result.problem}`);
    }
    const broken = brokenPromises(parseProbeReport(result.reply), layers);
    if (broken.length > 0) {
      throw failed(broken.join('; '));
    }
  } finally {
    listener.close();
  }
}

async function testRunner({ start }: SelfTestOptions): Promise<void> {
  const runner = await start();
  try {
    if (runner.about?.jitless !== true) {
      throw failed('jitless: a runner compiles machine code');
    }
    expectOutcome('a value', await runOwnScript(runner, 'return 6 * 7', LIMITS), 'ok', '42');
    const loop = await runOwnScript(runner, 'for (;;);', { ...LIMITS, wallMs: LOOP_MS, cpuMs: LOOP_MS });
    expectOutcome('an endless loop', loop, 'timeout', undefined);
  } finally {
    await runner.kill('the self-test is over');
  }
}

async function testBomb({ start }: SelfTestOptions): Promise<void> {
  const runner = await start();
  try {
    const bomb = 'const kept = []; for (;;) kept.push(new Array(50_000).fill(kept.length));';
    expectOutcome('a memory bomb', await runOwnScript(runner, bomb, LIMITS), 'memory', undefined);
  } finally {
    await runner.kill('the self-test is over');
  }
}

function expectOutcome(
  what: string,
  outcome: Outcome,
  status: Outcome['status'],
  value: string | undefined,
): void {
  if (outcome.status !== status || outcome.value !== value) {
    const said = outcome.error === undefined ? '' : ` (${outcome.error.message})`;
    throw failed(`isolate: ${what} ended as "${outcome.status}"${said}, expected "${status}"`);
  }
}

function failed(problem: string): SandboxError {
  return new SandboxError('NOT_CONTAINED', `Scripts are not contained: the self-test found that ${problem}`);
}
