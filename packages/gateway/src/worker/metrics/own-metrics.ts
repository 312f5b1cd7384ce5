/** What the primary knows of its workers, in the text format of Prometheus. */
export function ownMetrics({
  workers,
  restarts,
}: {
  readonly workers: number;
  readonly restarts: number;
}): string {
  return [
    '# HELP smcp_workers Worker processes that serve',
    '# TYPE smcp_workers gauge',
    `smcp_workers ${workers}`,
    '# HELP smcp_worker_restarts_total Worker processes that ended and were replaced',
    '# TYPE smcp_worker_restarts_total counter',
    `smcp_worker_restarts_total ${restarts}`,
    '',
  ].join('\n');
}
