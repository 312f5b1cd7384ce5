import { describe, expect, it } from 'vitest';
import { capabilitySummary } from '../../src/discovery/capability-summary.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';

/** What scripts see; `github` and its methods stand for any server. */
const KNOWN = new Set(
  `discoveredServers listServers listTools queryToolDocs searchToolDocs describeServer listLoadedServerMetadata capabilitySummary saveScript call github
  listIssues raw ToolError Promise all`.split(/\s+/u),
);

describe('capabilitySummary()', () => {
  const text = capabilitySummary(DEFAULT_SETTINGS);

  it('fits into 1,000 characters and is plain ASCII [S3-31]', () => {
    expect(text.length).toBeLessThanOrEqual(1000);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/u);
  });

  it('stays short with the largest bounds', () => {
    const large = capabilitySummary({
      timeoutSeconds: 86_400,
      maxTimeoutSeconds: 86_400,
      limits: { ...DEFAULT_SETTINGS.limits, heapBytes: 2 ** 36, calls: 1_000_000, parallelCalls: 10_000 },
    });
    expect(large.length).toBeLessThanOrEqual(1000);
  });

  it('calls nothing that scripts do not have', () => {
    const called = [...text.matchAll(/(?<name>[A-Za-z_]\w*)\(/gu)].map(({ groups }) => groups!['name']!);
    expect(called.length).toBeGreaterThan(6);
    expect(called.filter((name) => !KNOWN.has(name))).toEqual([]);
  });

  it.each([
    'searchToolDocs',
    'queryToolDocs',
    'discoveredServers',
    'saveScript',
    '.raw(',
    'ToolError',
    'session:',
    "mode:'preview'",
  ])('tells of %s', (word) => {
    expect(text).toContain(word);
  });

  it('tells the bounds that are set', () => {
    const told = capabilitySummary({
      timeoutSeconds: 7,
      maxTimeoutSeconds: 77,
      limits: { ...DEFAULT_SETTINGS.limits, heapBytes: 32 * 1024 * 1024, calls: 123, parallelCalls: 9 },
    });
    for (const bound of ['7 s', '77', '32 MiB', '123 calls', '9 at once']) expect(told).toContain(bound);
  });
});
