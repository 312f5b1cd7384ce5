import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/telemetry/index.ts';
import { memoryLogger } from './log-lines.ts';

// oxlint-disable-next-line no-control-regex -- they are what must not be there
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u202e\u2066\u2028]|\p{Surrogate}/u;

const json = (line: string | undefined): unknown => JSON.parse(line ?? '');
const redact = (text: string): string => text.replaceAll(/sk-[a-z0-9]+/g, '[secret]');

describe('createLogger() as text', () => {
  it('prints the start-up lines byte for byte [S1-43]', () => {
    const { logger, text } = memoryLogger();
    logger.info('listening on :8080');
    logger.info('loaded 2 servers: slack, github');
    logger.info('loaded 1 API key, 0 agents');
    logger.info('loaded 2 roles: eng, intern');
    expect(text()).toBe(
      'INFO listening on :8080\nINFO loaded 2 servers: slack, github\nINFO loaded 1 API key, 0 agents\nINFO loaded 2 roles: eng, intern\n',
    );
  });

  it('puts fields behind the message, quoted where a reader could be misled', () => {
    const { logger, lines } = memoryLogger();
    logger.warn('slow', {
      server: 'files',
      ms: 12.5,
      ok: false,
      none: null,
      empty: '',
      spaced: 'a b',
      equals: 'a=b',
      quoted: 'a"b',
      list: [1, 'x'],
      gone: undefined,
    });
    expect(lines()).toEqual([
      'WARN slow server=files ms=12.5 ok=false none=null empty="" spaced="a b" equals="a=b" quoted="a\\"b" list=[1,"x"]',
    ]);
  });

  it('colours the level on a terminal, and nothing else', () => {
    const { logger, lines } = memoryLogger({ isTerminal: true, level: 'debug' });
    logger.debug('a');
    logger.info('b', { c: 1 });
    logger.error('d');
    expect(lines()).toEqual([
      '\u001b[90mDEBUG\u001b[39m a',
      '\u001b[32mINFO\u001b[39m b c=1',
      '\u001b[31mERROR\u001b[39m d',
    ]);
  });

  it.each([
    ['a new line', 'a\nINFO forged', 'a\\nINFO forged'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['a terminal escape', '\u001b[2Ja\u0007', '\\u001b[2Ja\\u0007'],
    ['a hyperlink', '\u001b]8;;http://evil\u001b\\x', '\\u001b]8;;http://evil\\u001b\\x'],
    ['a C1 escape', '\u009b31m', '\\u009b31m'],
    ['a delete', 'a\u007f', 'a\\u007f'],
    ['reversed text', 'a\u202eb', 'a\\u202eb'],
    ['an isolate', 'a\u2066b', 'a\\u2066b'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a broken surrogate', 'a\ud800b', 'a\\ud800b'],
  ])('spells out %s in message, key and value [A05] [A95]', (_what, hostile, visible) => {
    const { logger, text } = memoryLogger();
    logger.info(hostile);
    expect(text()).toBe(`INFO ${visible}\n`);
    logger.info('x', { [hostile]: 1, nested: { [hostile]: [hostile] } });
    logger.info('x', { value: hostile });
    expect(text().replaceAll('\n', '')).not.toMatch(UNSAFE);
    expect(text().split('\n')).toHaveLength(4);
  });

  it('leaves other alphabets and emoji as they are', () => {
    const { logger, lines } = memoryLogger();
    logger.info('größe 大きさ 🙂', { name: 'été' });
    expect(lines()).toEqual(['INFO größe 大きさ 🙂 name=été']);
  });
});

describe('createLogger() as JSON', () => {
  it('writes one object per line with time, level, message and fields', () => {
    const { logger, text } = memoryLogger({ format: 'json' });
    logger.info('started', { port: 8080, servers: ['a', 'b'] });
    expect(text().endsWith('}\n')).toBe(true);
    expect(json(text())).toEqual({
      level: 'info',
      time: '2026-01-02T00:00:00.000Z',
      msg: 'started',
      port: 8080,
      servers: ['a', 'b'],
    });
  });

  it.each(['a\nb', '"}\n{"level":"error"', '\u001b[2J', '\u009b\u007f\u202e\u2028', '\\', 'é🙂'])(
    'carries %j in message, key and value, unchanged once parsed [A95]',
    (hostile) => {
      const { logger, lines } = memoryLogger({ format: 'json' });
      logger.info(hostile, { [hostile]: hostile, nested: { [hostile]: [hostile] } });
      expect(lines()).toHaveLength(1);
      expect(json(lines()[0])).toMatchObject({
        msg: hostile,
        [hostile]: hostile,
        nested: { [hostile]: [hostile] },
      });
      expect(lines()[0]).not.toMatch(UNSAFE);
    },
  );

  it('does not let a field pass for a part of the line', () => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    logger.info('real', { level: 'error', time: 'never', msg: 'forged' });
    expect(lines()[0]?.match(/"(?:level|time|msg)":/g)).toHaveLength(3);
    expect(json(lines()[0])).toMatchObject({
      level: 'info',
      msg: 'real',
      level_: 'error',
      time_: 'never',
      msg_: 'forged',
    });
  });

  it('keeps a field called __proto__ a field', () => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    logger.info(
      'x',
      JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": 1}}') as Record<string, unknown>,
    );
    expect(lines()[0]).toContain('"__proto__":{"polluted":true}');
    expect(Object.keys(json(lines()[0]) as object)).toContain('__proto__');
  });

  it('turns errors into code, message and cause, without a stack', () => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    logger.error('failed', { err: new TypeError('Cannot reach it', { cause }) });
    expect(json(lines()[0])).toMatchObject({
      err: {
        name: 'TypeError',
        message: 'Cannot reach it',
        cause: { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
      },
    });
    expect(lines()[0]).not.toContain('stack');
  });

  it.each<[string, unknown, unknown]>([
    ['a bigint', 2n ** 70n, '1180591620717411303424'],
    ['NaN', Number.NaN, 'NaN'],
    ['a function', () => 1, '[function]'],
    ['a symbol', Symbol('x'), '[symbol]'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(Number.NaN), '[invalid date]'],
    ['an address', new URL('http://h/p'), 'http://h/p'],
    ['bytes', Buffer.from('secret'), '[6 bytes]'],
  ])('says %s in a way that JSON can', (_what, value, shown) => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    logger.info('x', { value });
    expect(json(lines()[0])).toMatchObject({ value: shown });
  });
});

describe('createLogger() with format auto', () => {
  it.each([
    [true, 'INFO'],
    [false, '{"le'],
  ])('isTerminal %s', (isTerminal, start) => {
    const { logger, text } = memoryLogger({ format: 'auto', isTerminal });
    logger.info('x');
    expect(stripVTControlCharacters(text()).slice(0, 4)).toBe(start);
  });

  it('asks the stream when not told', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true });
    createLogger({ level: 'info', format: 'auto', stream, redact }).info('x');
    expect(String(stream.read())).toMatch(/INFO.* x\n$/);
  });
});

describe('bounds and secrets', () => {
  it.each(['text', 'json'] as const)(
    'redacts message, keys, values, errors and everything nested (%s)',
    (format) => {
      const { logger, text } = memoryLogger({ format, redact });
      const secret = 'sk-abc123';
      const error = new Error(`bad key ${secret}`, { cause: { secret } });
      logger.error(`got ${secret}`, {
        [secret]: 1,
        value: secret,
        list: [[secret]],
        deep: { [secret]: { secret } },
        error,
        url: new URL(`http://h/?k=${secret}`),
      });
      expect(text()).not.toContain(secret);
      expect(text().match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(9);
    },
  );

  it('shows nothing of a text whose redaction failed', () => {
    const { logger, text } = memoryLogger({
      redact: () => {
        throw new Error('broken pattern');
      },
    });
    logger.info('sk-abc', { key: 'sk-def' });
    expect(text()).toContain('INFO [not shown: redaction failed] ');
    expect(text()).not.toMatch(/sk-|key/);
  });

  it('cuts long texts, and never inside a secret', () => {
    const { logger, lines } = memoryLogger({ format: 'json', redact });
    const long = 'x'.repeat(8 * 1024 - 10);
    logger.info(`${long}sk-${'a'.repeat(1000)}`, { huge: 'y'.repeat(5_000_000) });
    const line = json(lines()[0]) as { msg: string; huge: string };
    expect(line.msg).toBe(`${long}[secret]`);
    expect(line.huge).toBe(`${'y'.repeat(8 * 1024)}…`);
  });

  it('cuts what was not searched for secrets, also when redaction made the text short', () => {
    const { logger, text } = memoryLogger({
      redact: (value) => value.replaceAll(/\s+/g, ' ').replaceAll(/BEGIN .* END/g, '[secret]'),
    });
    logger.info(`${' '.repeat(64 * 1024 - 2000)}BEGIN ${'k'.repeat(3000)} END`);
    expect(text()).not.toContain('k');
  });

  it('ends deep, wide, cyclic and endless values', () => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const wide = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    logger.info('x', { cycle, deep, wide });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]?.length).toBeLessThan(20_000);
    expect(lines()[0]).toContain('[cut]');
  });

  it.each<[string, Record<string, unknown>]>([
    [
      'a getter',
      {
        get value() {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    [
      'a nested toJSON',
      {
        value: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
    ],
  ])('never throws because of %s', (_what, fields) => {
    const { logger, lines } = memoryLogger({ format: 'json' });
    expect(() => logger.info('x', fields)).not.toThrow();
    expect(json(lines()[0])).toMatchObject({ msg: 'x' });
  });
});

describe('level', () => {
  it('drops what is below, and setLevel() changes it at run time', () => {
    const { logger, lines } = memoryLogger({ level: 'warn' });
    logger.info('no');
    logger.warn('yes');
    logger.setLevel('debug');
    logger.debug('now');
    logger.setLevel('silent');
    logger.error('never');
    expect(lines()).toEqual(['WARN yes', 'DEBUG now']);
    expect(logger.level).toBe('silent');
  });

  it('does not even read the fields of a line below it', () => {
    const { logger } = memoryLogger();
    let read = 0;
    logger.debug('x', {
      get a() {
        return (read += 1);
      },
    });
    expect(read).toBe(0);
  });
});

describe('a broken stream', () => {
  it('costs lines, not the process, when its reader has gone (EPIPE)', async () => {
    const stream = new PassThrough();
    const logger = createLogger({ level: 'info', format: 'text', stream, redact });
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => logger.info('x')).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('costs lines when it throws', () => {
    const stream = Object.assign(new EventEmitter(), {
      write: () => {
        throw new Error('closed');
      },
    });
    const logger = createLogger({ level: 'info', format: 'json', stream, redact });
    expect(() => logger.info('x')).not.toThrow();
  });

  it('gets one listener, however many loggers share it', () => {
    const stream = new PassThrough();
    for (let index = 0; index < 20; index += 1)
      createLogger({ level: 'info', format: 'text', stream, redact });
    expect(stream.listenerCount('error')).toBe(1);
  });

  it('drops lines while too much waits, and then says how many', () => {
    const written: string[] = [];
    const stream = Object.assign(new EventEmitter(), {
      writableLength: 0,
      write: (line: string) => written.push(line),
    });
    const logger = createLogger({ level: 'info', format: 'text', stream, redact });
    stream.writableLength = 9 * 1024 * 1024;
    logger.info('lost');
    logger.info('lost too');
    stream.writableLength = 0;
    logger.info('back', { a: 1 });
    logger.info('normal');
    expect(written).toEqual([
      'WARN log lines dropped, the reader is too slow dropped=2\n',
      'INFO back a=1\n',
      'INFO normal\n',
    ]);
  });
});
