import { defineConfig } from 'vitest/config';

// Unit tests share workers (fast); end-to-end tests start real processes and get a process each.
export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: [
            'packages/*/test/**/*.test.ts',
            'bench/test/**/*.test.ts',
            'conformance/test/**/*.test.ts',
          ],
          exclude: ['**/*.e2e.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 1 },
          include: ['packages/*/test/**/*.e2e.test.ts', '{bench,conformance}/test/**/*.e2e.test.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
