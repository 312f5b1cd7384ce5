import type { RequestOptions } from '../link.ts';
import { UpstreamError } from '../upstream-error.ts';

/**
 * Waits for `work` no longer than the limits allow. What it had begun is for the caller to end.
 *
 * @throws {UpstreamError} `UPSTREAM_TIMEOUT` or `UPSTREAM_CANCELLED`; whatever `work` throws otherwise.
 */
export async function withinTime<T>(
  name: string,
  { timeoutMs, signal }: RequestOptions,
  work: () => Promise<T>,
): Promise<T> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new UpstreamError('UPSTREAM_TIMEOUT', `Server "${name}" was not ready within ${timeoutMs} ms`));
  }, timeoutMs);
  const onAbort = (): void => {
    reject(new UpstreamError('UPSTREAM_CANCELLED', `Starting server "${name}" was given up`));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) {
    onAbort();
  }
  try {
    return await Promise.race([work(), givenUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
