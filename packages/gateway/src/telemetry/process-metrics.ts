import type { Meter } from '@opentelemetry/api';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const LAG_RESOLUTION_MS = 20;

/**
 * Measures the gateway's own process, under the names that Prometheus dashboards for Node expect: memory, processor time, event loop lag, open handles.
 *
 * @returns Stops the measuring of the event loop.
 */
export function addProcessMetrics(meter: Meter): () => void {
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const startedSeconds = Date.now() / 1000 - process.uptime();

  const gauge = (name: string, description: string, read: () => number): void => {
    meter.createObservableGauge(name, { description }).addCallback((sink) => sink.observe(read()));
  };

  meter
    .createObservableCounter('process_cpu_seconds_total', {
      description: 'User and system processor time',
      unit: 's',
    })
    .addCallback((sink) => {
      const { user, system } = process.cpuUsage();
      sink.observe((user + system) / 1e6);
    });
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'Start of the process since 1970', () => startedSeconds);
  gauge(
    'nodejs_heap_size_used_bytes',
    'Memory used by JavaScript objects',
    () => process.memoryUsage().heapUsed,
  );
  gauge(
    'nodejs_active_resources',
    'Open handles: sockets, timers, child processes',
    () => process.getActiveResourcesInfo().length,
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'Event loop lag since the last collection, 99th percentile',
    () => {
      // The histogram holds the whole time between two ticks of its timer; what exceeds the timer is the lag.
      const p99 = lag.count > 0 ? lag.percentile(99) / 1e9 - LAG_RESOLUTION_MS / 1000 : 0;
      lag.reset();
      return Math.max(0, p99);
    },
  );

  return () => {
    lag.disable();
  };
}
