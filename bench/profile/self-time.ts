export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** The parts of a `.cpuprofile` that are read here. Times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  /** Time since the sample before; the first one, since the start. */
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly name: string;
  readonly micros: number;
}

const NOT_WORK: ReadonlySet<string> = new Set(['(idle)', '(root)']);

/**
 * Adds up time by what runs at the moment, most first, of the samples within the window; the time in which the process did nothing is left out.
 *
 * @param nameOf Gets the running function and, after it, its callers; the name it gives is what times are added up by.
 */
export function selfTimes(
  profile: CpuProfile,
  window: { readonly fromMicros: number; readonly toMicros: number },
  nameOf: (stack: readonly Frame[]) => string,
): readonly SelfTime[] {
  const names = new Map([...stacksOf(profile)].map(([id, stack]) => [id, nameIfWork(stack, nameOf)]));
  const totals = new Map<string, number>();
  let at = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    at += profile.timeDeltas[index] ?? 0;
    const name = names.get(id);
    if (name !== undefined && at >= window.fromMicros && at <= window.toMicros) {
      // A sample stands for the time until the next one.
      totals.set(name, (totals.get(name) ?? 0) + Math.max(0, profile.timeDeltas[index + 1] ?? 0));
    }
  }
  return [...totals].map(([name, micros]) => ({ name, micros })).sort((a, b) => b.micros - a.micros);
}

/** `function (path:line)`, with the path from `packages/` or after `node_modules/`. */
export function functionName([frame]: readonly Frame[]): string {
  if (frame === undefined) {
    return '(unknown)';
  }
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
  return frame.url === '' ? name : `${name} (${placeName(frame.url)}:${frame.lineNumber + 1})`;
}

/** The nearest caller that is ours, so that what a line of ours makes others do counts as its own. */
export function nearestOwnName(stack: readonly Frame[]): string {
  const own = stack.find(({ url }) => placeName(url).startsWith('packages/'));
  return own === undefined
    ? `outside: ${partName(stack.find(({ url }) => url !== '') ?? stack[0])}`
    : functionName([own]);
}

function nameIfWork(
  stack: readonly Frame[],
  nameOf: (stack: readonly Frame[]) => string,
): string | undefined {
  return NOT_WORK.has(stack[0]?.functionName ?? '') ? undefined : nameOf(stack);
}

function stacksOf({ nodes }: CpuProfile): ReadonlyMap<number, readonly Frame[]> {
  const stacks = new Map<number, readonly Frame[]>();
  // Parents stand before their children.
  for (const { id, callFrame, children } of nodes) {
    const stack = [callFrame, ...(stacks.get(id) ?? [])];
    stacks.set(id, stack);
    for (const child of children ?? []) {
      stacks.set(child, stack);
    }
  }
  return stacks;
}

/** A package, a module of Node, or what the engine does itself. */
function partName(frame: Frame | undefined): string {
  const place = placeName(frame?.url ?? '');
  if (place === '') {
    return frame?.functionName ?? '(unknown)';
  }
  return /^node:[^/]+(?:\/[^/]+)?/.exec(place)?.[0] ?? /^(?:@[^/]+\/)?[^/]+/.exec(place)?.[0] ?? place;
}

function placeName(url: string): string {
  const inModules = url.split('/node_modules/').at(-1);
  return inModules === url ? (/packages\/.*$/.exec(url)?.[0] ?? url) : (inModules ?? url);
}
