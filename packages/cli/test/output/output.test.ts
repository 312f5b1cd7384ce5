import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output, OutputClosedError } from '../../src/output/output.ts';
import { Collector } from '../run-cli.ts';

describe('Output', () => {
  it('gives people the text and machines the value', async () => {
    const stdout = new Collector();
    const out = new Output({ stdout, stderr: new Collector() });
    await out.result({ a: 1 }, () => 'one');
    out.json = true;
    await out.result({ a: 1 }, () => 'one');
    expect(stdout.text).toBe('one\n{\n  "a": 1\n}\n');
  });

  it('keeps notes from machines, but not warnings', () => {
    const stderr = new Collector();
    const out = new Output({ stdout: new Collector(), stderr });
    out.json = true;
    out.note('beside');
    out.warn('beware');
    expect(stderr.text).toBe('beware\n');
  });

  it('adds no colour where no terminal is', () => {
    const out = new Output({ stdout: new Collector(), stderr: new Collector() });
    expect(out.style('red', 'x') + out.styleError('red', 'y')).toBe('xy');
  });

  it('tells that nobody reads any more', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const out = new Output({ stdout, stderr: new Collector() });
    await expect(out.text('x')).rejects.toThrow(OutputClosedError);
  });
});
