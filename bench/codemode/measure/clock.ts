/** Milliseconds that something took. */
export async function timed(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/** Milliseconds of something done so often, one after another, ascending. */
export async function timedOften(
  times: number,
  work: (at: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const ms: number[] = [];
  for (let at = 0; at < times; at += 1) {
    ms.push(await timed(async () => await work(at)));
  }
  return ms.sort((a, b) => a - b);
}
