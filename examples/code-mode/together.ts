#!/usr/bin/env -S smcp run --role reader --config smcp.yaml
// Five operations of a second each, at the same time.

const startedAt = performance.now();
const steps = [1, 2, 3, 4, 5];
await Promise.all(steps.map(() => everything.triggerLongRunningOperation({ duration: 1, steps: 1 })));
console.log(
  `${steps.length} operations of one second took ${Math.round((performance.now() - startedAt) / 1000)} s`,
);
