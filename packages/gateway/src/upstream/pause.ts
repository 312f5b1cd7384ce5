import type { Abortable } from './exchange.ts';

/** Waits so long, or until aborted, which is no error. Keeps no process alive. */
export async function pause(ms: number, until: Abortable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms).unref();
  until.onAbort(resolve);
  await promise;
  clearTimeout(timer);
  until.onAbort(undefined);
}
