/** Calls that one script makes one after another. */
export const CALLS = 200;
/** Calls that one script makes at the same time, and how long the tool takes for each. */
export const WAITS = 10;
export const WAIT_MS = 100;
export const BIG_CHARS = 1024 * 1024;

export type ScriptName = 'value' | 'calls' | 'waits' | 'bigResult' | 'bigValue';

/** The same script for everybody: the body of an async function that sees `bench.echo({message})`, `bench.wait({ms})` and `bench.big({chars})`. */
export interface Script {
  readonly body: string;
  /** Whether what it returned is what it has to return. */
  readonly isRight: (value: unknown) => boolean;
  /** Milliseconds that the script says it took; without it, what counts is the time from outside. */
  readonly took?: (value: unknown) => number;
}

export const SCRIPTS: Readonly<Record<ScriptName, Script>> = {
  value: { body: 'return 6 * 7;', isRight: (value) => value === 42 },
  // By a clock that every sandbox has, so that its opening is no part of the figure.
  calls: {
    body: `const before = Date.now();
for (let call = 0; call < ${CALLS}; call += 1) {
  const message = \`call \${call}\`;
  if ((await bench.echo({ message })) !== \`Echo: \${message}\`) throw new Error('Wrong answer');
}
return Date.now() - before;`,
    isRight: (value) => typeof value === 'number' && value >= 0,
    took: Number,
  },
  waits: {
    body: `const answers = await Promise.all(Array.from({ length: ${WAITS} }, () => bench.wait({ ms: ${WAIT_MS} })));
return answers.length;`,
    isRight: (value) => value === WAITS,
  },
  bigResult: {
    body: `return (await bench.big({ chars: ${BIG_CHARS} })).length;`,
    isRight: (value) => value === BIG_CHARS,
  },
  bigValue: {
    body: `return 'x'.repeat(${BIG_CHARS});`,
    isRight: (value) => typeof value === 'string' && value.length === BIG_CHARS,
  },
};

/** Body of a script that calls `echo` so often, one call after another, looks at each answer and returns how many were right. */
export function callsBody(calls: number): string {
  return `let right = 0;
for (let call = 0; call < ${calls}; call += 1) {
  const message = \`call \${call}\`;
  if ((await bench.echo({ message })) === \`Echo: \${message}\`) right += 1;
}
return right;`;
}

/** Body of a script that makes the same calls and returns the milliseconds that each took. */
export function timedCallsBody(calls: number): string {
  return `const took: number[] = [];
for (let call = 0; call < ${calls}; call += 1) {
  const before = performance.now();
  await bench.echo({ message: \`call \${call}\` });
  took.push(performance.now() - before);
}
return took;`;
}
