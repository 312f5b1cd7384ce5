import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workerEntry } from '../../../src/worker/primary/worker-entry.ts';

describe('workerEntry()', () => {
  it('is a program of the sources', () => {
    expect(workerEntry()).toMatch(/src\/worker\/worker-process\.ts$/);
    expect(existsSync(workerEntry())).toBe(true);
  });

  it('lies beside a bundle', () => {
    expect(workerEntry('file:///opt/smcp/dist/main.js')).toBe('/opt/smcp/dist/worker-process.js');
    expect(workerEntry('file:///opt/smcp/dist/start-with-workers-x1.js')).toBe(
      '/opt/smcp/dist/worker-process.js',
    );
  });
});
