import { describe, expect, it } from 'vitest';
import { EraMemory } from '../../../src/upstream/opening/era-memory.ts';
import type { HttpSpec } from '../../../src/upstream/upstream-spec.ts';
import { stdioSpec } from '../../fixtures/stdio-fixture.ts';
import { fakeClock } from '../../limit/fake-clock.ts';

const http = (server: string, url: string, headers: HttpSpec['headers'] = {}): HttpSpec => ({
  kind: 'http',
  server,
  era: 'auto',
  mayAsk: [],
  url: new URL(url),
  transport: 'auto',
  headers,
  startTimeoutMs: 1,
  maxResultBytes: 1,
  idleMs: 1,
});

describe('EraMemory', () => {
  it('knows what was noted, for an hour and no longer', () => {
    const clock = fakeClock();
    const memory = new EraMemory(clock.now);
    const spec = stdioSpec();
    expect(memory.shakesHands(spec)).toBe(false);
    memory.note(spec);
    clock.advance(60 * 60_000 - 1);
    expect(memory.shakesHands(spec)).toBe(true);
    clock.advance(1);
    expect(memory.shakesHands(spec)).toBe(false);
  });

  it('forgets what it is told to forget', () => {
    const memory = new EraMemory(fakeClock().now);
    memory.note(stdioSpec());
    memory.forget(stdioSpec());
    expect(memory.shakesHands(stdioSpec())).toBe(false);
  });

  it('takes a server for the same whoever reaches it, and with whichever credential', () => {
    const memory = new EraMemory(fakeClock().now);
    memory.note(http('web', 'https://a.example/mcp', { authorization: 'one' }));
    expect(memory.shakesHands(http('web', 'https://a.example/mcp', { authorization: 'two' }))).toBe(true);
    memory.note(stdioSpec([], { env: { TOKEN: 'one' } }));
    expect(memory.shakesHands(stdioSpec([], { env: { TOKEN: 'two' } }))).toBe(true);
  });

  it('takes servers for different ones by name, place, program, arguments and folder', () => {
    const memory = new EraMemory(fakeClock().now);
    memory.note(http('web', 'https://a.example/mcp'));
    memory.note(stdioSpec(['--a']));
    expect(
      [
        http('other', 'https://a.example/mcp'),
        http('web', 'https://b.example/mcp'),
        http('web', 'https://a.example/other'),
        stdioSpec(['--b']),
        stdioSpec(['--a'], { server: 'other' }),
        stdioSpec(['--a'], { command: 'other' }),
        stdioSpec(['--a'], { cwd: '/' }),
      ].filter((spec) => memory.shakesHands(spec)),
    ).toEqual([]);
  });

  it('keeps the newest 1,000', () => {
    const memory = new EraMemory(fakeClock().now);
    const specs = Array.from({ length: 1001 }, (_, n) => stdioSpec([`--n=${n}`]));
    for (const spec of specs) memory.note(spec);
    expect(specs.map((spec) => memory.shakesHands(spec)).indexOf(true)).toBe(1);
  });
});
