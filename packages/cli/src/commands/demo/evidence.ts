import { basename } from 'node:path';
import {
  CODE_SERVER,
  joinCalls,
  readAudit,
  verifyAudit,
  type CallSummary,
  type CallTree,
  type Foundation,
} from '@smcp/gateway';
import { madeBy } from '../audit/execution-tree.ts';
import type { Step } from './step.ts';

/** Adds to each denied step what the audit log says of it: the caller is told nothing, the operator everything. */
export async function withReasons(steps: readonly Step[], { home }: Foundation): Promise<readonly Step[]> {
  const why = new Map<string, string>();
  for await (const call of joinCalls(
    readAudit({ directory: home.file('audit'), filter: { effect: 'deny' } }),
  )) {
    const { rule, source } = call.decision;
    const place =
      source === null ? 'no rule allows it' : `${rule ?? ''}, ${basename(source.file)} line ${source.line}`;
    why.set(`${call.server}:${call.name}`, place);
  }
  return steps.map((step) => {
    if (step.denied === undefined) {
      return step;
    }
    const reason = why.get(step.denied);
    return {
      ...step,
      result: `${step.result}\nrecord: ${reason ?? 'missing'}`,
      ok: step.ok && reason !== undefined,
    };
  });
}

/** Verifies the whole audit log, as `smcp audit verify` does. */
export async function auditStep({ home, store }: Foundation): Promise<Step> {
  const { ok, writers } = await verifyAudit({
    directory: home.file('audit'),
    store,
    publicKey: home.auditPublicKey,
  });
  const records = writers.reduce((sum, writer) => sum + writer.records, 0);
  const problems = writers.flatMap((writer) => writer.problems.map(({ message }) => message));
  const result = ok ? `${records} records, hash chain and signatures intact` : problems.join('; ');
  return { title: 'Audit verified', who: 'operator', call: 'smcp audit verify', result, ok };
}

/** The script of this walk that made the most calls, with all of them. */
export interface Execution {
  readonly call: CallSummary;
  readonly made: readonly CallTree[];
}

/** @param since When the walk began, ISO 8601. */
export async function largestExecution({ home }: Foundation, since: string): Promise<Execution | undefined> {
  const directory = home.file('audit');
  let largest: Execution | undefined;
  for await (const call of joinCalls(readAudit({ directory, filter: { server: CODE_SERVER, since } }))) {
    const made = await madeBy(directory, call);
    if (made.length > (largest?.made.length ?? 0)) largest = { call, made };
  }
  return largest;
}
