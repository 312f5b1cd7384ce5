import type { LimitName, Outcome, ScriptLimits } from '@smcp/sandbox';

const KIB = 1024;
const MIB = 1024 * KIB;

export interface StoppedContext {
  readonly limits: ScriptLimits;
  readonly timeoutSeconds: number;
  readonly maxTimeoutSeconds: number;
}

/** Says in plain words why a script was stopped, and what its author can do. */
export function whyStopped(outcome: Outcome, context: StoppedContext): string {
  const { limits } = context;
  switch (outcome.status) {
    case 'timeout':
      return `Timeout: ${timeoutWords(outcome, context)}`;
    case 'memory':
      return `Memory: the script needed more than ${sizeOf(limits.heapBytes)}. Work on fewer items at a time, and keep only the fields that are needed`;
    case 'limit':
      return outcome.limit === undefined
        ? 'Limit: the script exceeded a limit'
        : `Limit: ${LIMITS[outcome.limit](limits)}`;
    case 'killed':
      return 'Stopped: the execution was cancelled, or what ran it has ended. Calls that were under way may have been made';
    case 'ok':
      return 'Success';
    case 'error':
      return 'Script error';
    default:
      return outcome.status satisfies never;
  }
}

function timeoutWords(
  outcome: Outcome,
  { limits, timeoutSeconds, maxTimeoutSeconds }: StoppedContext,
): string {
  const { cpuMs, wallMs } = outcome.usage;
  if (cpuMs !== undefined && cpuMs >= limits.cpuMs && wallMs < timeoutSeconds * 1000) {
    return `execution used more than ${limits.cpuMs / 1000}s of processor time. Look for an endless loop, or do less in one script`;
  }
  const raise = timeoutSeconds < maxTimeoutSeconds ? `raise timeout (max ${maxTimeoutSeconds}), ` : '';
  const remedy = `${raise}make independent calls at once with Promise.all, or do less in one script`;
  return `execution exceeded ${timeoutSeconds}s. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}

const LIMITS: Readonly<Record<LimitName, (limits: ScriptLimits) => string>> = {
  sourceBytes: ({ sourceBytes }) =>
    `the source is longer than ${sizeOf(sourceBytes)}. Pass data in smaller parts`,
  heapBytes: ({ heapBytes }) =>
    `the script needed more than ${sizeOf(heapBytes)}. Work on fewer items at a time`,
  cpuMs: ({ cpuMs }) => `the script used more than ${cpuMs / 1000}s of processor time`,
  wallMs: ({ wallMs }) => `the script ran longer than ${wallMs / 1000}s`,
  outputBytes: ({ outputBytes }) =>
    `the script printed far more than the ${sizeOf(outputBytes)} that are kept. Print only what is needed`,
  resultBytes: ({ resultBytes }) =>
    `what the script returned is larger than ${sizeOf(resultBytes)}. Return only what is needed`,
  calls: ({ calls }) =>
    `the script made more than ${calls} calls. Use tools that take many items at once, or several scripts`,
  parallelCalls: ({ parallelCalls }) =>
    `the script made more than ${parallelCalls} calls at once. Await them in groups`,
  callInputBytes: ({ callInputBytes }) =>
    `the arguments of a call are larger than ${sizeOf(callInputBytes)}. Pass them in parts`,
  callOutputBytes: ({ callOutputBytes }) =>
    `the result of a call is larger than ${sizeOf(callOutputBytes)}. Ask the tool for less, such as a page of it`,
};

function sizeOf(bytes: number): string {
  return bytes >= MIB ? `${Math.round(bytes / MIB)} MiB` : `${Math.round(bytes / KIB)} KiB`;
}
