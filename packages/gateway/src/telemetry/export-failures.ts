import type { Logger } from './telemetry.ts';

const QUIET_MS = 60_000;

/** The part of every OpenTelemetry exporter that matters here. */
interface Exporter<T> {
  export(items: T, done: (result: { code: number; error?: Error }) => void): void;
}

export type ReportFailure = (what: string, error: Error | undefined) => void;

/**
 * Makes a reporter that logs the first failure and then at most one a minute, with the number of those that were not logged.
 *
 * @param clock Monotonic milliseconds.
 */
export function createFailureReport(logger: Logger, clock: () => number): ReportFailure {
  let loggedAt: number | undefined;
  let unlogged = 0;
  return (what, error) => {
    const now = clock();
    if (loggedAt !== undefined && now - loggedAt < QUIET_MS) {
      unlogged += 1;
      return;
    }
    logger.warn(`cannot export ${what} to the collector`, {
      error: error?.message ?? 'no reason given',
      ...(unlogged > 0 && { failuresBefore: unlogged }),
    });
    loggedAt = now;
    unlogged = 0;
  };
}

/** Makes an exporter tell its failures, which the SDK itself keeps to a diagnostic channel nobody listens to. */
export function reportingFailures<T, E extends Exporter<T>>(
  exporter: E & Exporter<T>,
  what: string,
  report: ReportFailure,
): E {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) => {
    send(items, (result) => {
      // 0 is success, in every exporter.
      if (result.code !== 0) report(what, result.error);
      done(result);
    });
  };
  return exporter;
}
