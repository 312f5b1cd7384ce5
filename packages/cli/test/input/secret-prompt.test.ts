import { describe, expect, it } from 'vitest';
import { promptSecret } from '../../src/input/secret-prompt.ts';
import { Collector, fakeTerminal } from '../run-cli.ts';

describe('promptSecret()', () => {
  it('gives what was typed and shows nothing of it', async () => {
    const terminal = fakeTerminal();
    const shown = new Collector();
    const asked = promptSecret('Value: ', terminal, shown);
    terminal.write('hunt');
    terminal.write('er2\r');
    expect(await asked).toBe('hunter2');
    expect(shown.text).toBe('Value: \n');
    expect(terminal.raw).toEqual([true, false]);
  });

  it('takes a pasted line at once and leaves what follows', async () => {
    const terminal = fakeTerminal();
    const asked = promptSecret('', terminal, new Collector());
    terminal.write('one\ntwo\n');
    expect(await asked).toBe('one');
  });

  it.each([
    ['backspace', 'ab\u007fc\r', 'ac'],
    ['backspace over a character of two units', 'a😀\u007fb\r', 'ab'],
    ['Ctrl-U', 'wrong\u0015right\r', 'right'],
    ['Ctrl-D as the end', 'abc\u0004', 'abc'],
  ])('understands %s', async (_what, typed, value) => {
    const terminal = fakeTerminal();
    const asked = promptSecret('', terminal, new Collector());
    terminal.write(typed);
    expect(await asked).toBe(value);
  });

  it('refuses on Ctrl-C and restores the terminal', async () => {
    const terminal = fakeTerminal();
    const asked = promptSecret('', terminal, new Collector());
    terminal.write('abc\u0003');
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(terminal.raw).toEqual([true, false]);
  });

  it('refuses when the terminal closes', async () => {
    const terminal = fakeTerminal();
    const asked = promptSecret('', terminal, new Collector());
    terminal.end('abc');
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('refuses more than 64 Ki characters', async () => {
    const terminal = fakeTerminal();
    const asked = promptSecret('', terminal, new Collector());
    terminal.write('x'.repeat(64 * 1024 + 1));
    await expect(asked).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
