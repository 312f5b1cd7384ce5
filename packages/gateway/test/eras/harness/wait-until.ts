import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is there. Rejects with what was waited for when it does not come in time. */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 4000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await sleep(10);
  }
}
