import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Cli } from '../../../src/cli/cli.ts';
import { createLiveOutput } from '../../../src/commands/run/live-output.ts';
import { Collector } from '../../run-cli.ts';

function make({ isTTY = false, json = false } = {}) {
  const stdout = Object.assign(new Collector(), { isTTY });
  const stderr = new Collector();
  const cli = new Cli({ stdin: Readable.from([]), stdout, stderr, env: {}, now: () => 0 });
  cli.out.json = json;
  return { stdout, stderr, live: createLiveOutput(cli) };
}

describe('createLiveOutput()', () => {
  it('prints at once, on the stream of the script', () => {
    const { stdout, stderr, live } = make();
    live.write('stdout', 'one\n');
    live.write('stderr', 'two\n');
    expect([stdout.text, stderr.text]).toEqual(['one\n', 'two\n']);
  });

  it('gives a pipe every byte, and a terminal nothing that commands it', () => {
    const [pipe, terminal] = [make(), make({ isTTY: true })];
    for (const { live } of [pipe, terminal]) live.write('stdout', '\u001b[2Jx\n');
    expect(pipe.stdout.text).toBe('\u001b[2Jx\n');
    expect(terminal.stdout.text).toBe('\\x1b[2Jx\n');
  });

  it('prints nothing for machines', () => {
    const { stdout, live } = make({ json: true });
    live.write('stdout', 'x\n');
    expect(stdout.text).toBe('');
  });

  it('is silent while muted, and only then', () => {
    const { stdout, live } = make();
    {
      using _ = live.mute();
      live.write('stdout', 'a\n');
    }
    live.write('stdout', 'b\n');
    expect(stdout.text).toBe('b\n');
  });

  it('stays silent for machines after it was muted', () => {
    const { stdout, live } = make({ json: true });
    live.mute()[Symbol.dispose]();
    live.write('stdout', 'a\n');
    expect(stdout.text).toBe('');
  });

  it('ends a line that was left open, once, and no other', async () => {
    const { stdout, stderr, live } = make();
    live.write('stdout', 'open');
    live.write('stderr', 'closed\n');
    await live.ended();
    await live.ended();
    expect([stdout.text, stderr.text]).toEqual(['open\n', 'closed\n']);
  });
});
