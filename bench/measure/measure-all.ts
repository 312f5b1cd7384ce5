import { UPSTREAMS, type BenchFigures, type CallFigures, type MemoryFigures } from '../figures.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { describeMachine } from '../machine.ts';
import type { Settings } from '../options.ts';
import { benchPolicyDecision } from '../policy-decision.ts';
import { measureCalls } from './calls.ts';
import { measureSessionMemory } from './sessions.ts';
import { measureStartTimes } from './start-time.ts';

/** Measures everything, one thing at a time. */
export async function measureAll(
  workspace: Workspace,
  settings: Settings,
  progress: (text: string) => void,
): Promise<BenchFigures> {
  const started = new Date();
  const machine = await describeMachine();
  progress('policy decisions');
  const policy = benchPolicyDecision();
  progress('start time');
  const startMs = await measureStartTimes(workspace, settings.starts);
  const calls: CallFigures[] = [];
  const memory: MemoryFigures[] = [];
  for (const upstream of UPSTREAMS) {
    const measured = await measureCalls(workspace, upstream, settings, progress);
    calls.push(...measured.calls);
    memory.push(...measured.memory);
  }
  progress(`memory with ${settings.openSessions} sessions`);
  const sessionMemory = await measureSessionMemory(workspace, settings.openSessions);
  return {
    startedAt: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 1000),
    machine,
    settings,
    policy,
    calls,
    memory: [...sessionMemory, ...memory],
    startMs,
  };
}
