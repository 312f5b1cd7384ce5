import { describe, expect, it } from 'vitest';
import { Ledger } from '../../soak/ledger.ts';

function ledgerOf(...tags: readonly string[]): Ledger {
  const ledger = new Ledger();
  for (const tag of tags) {
    ledger.open(tag);
  }
  return ledger;
}

describe('Ledger', () => {
  it('has nothing to say against calls that were answered and carried out once', () => {
    const ledger = ledgerOf('a', 'b');
    ledger.answered('a');
    ledger.answered('b');
    expect(ledger.compare(['b', 'a'])).toEqual({
      made: 2,
      answered: 2,
      vanished: 0,
      failed: 0,
      errors: {},
      lost: [],
      executed: 2,
      executedTwice: [],
      answeredNotExecuted: [],
      executedNotMade: [],
      failedExecuted: 0,
    });
  });

  it('names a call that was carried out twice, once', () => {
    const ledger = ledgerOf('a');
    ledger.answered('a');
    expect(ledger.compare(['a', 'a', 'a']).executedTwice).toEqual(['a']);
  });

  it('names a call that got neither an answer nor an error', () => {
    expect(ledgerOf('a').compare(['a']).lost).toEqual(['a']);
  });

  it('names a call that was answered and not carried out', () => {
    const ledger = ledgerOf('a');
    ledger.answered('a');
    expect(ledger.compare([]).answeredNotExecuted).toEqual(['a']);
  });

  it('names what was carried out and never asked for', () => {
    expect(ledgerOf().compare(['x', 'x']).executedNotMade).toEqual(['x']);
  });

  it('allows a failed call to have been carried out, and counts errors by kind, most first', () => {
    const ledger = ledgerOf('a', 'b', 'c');
    ledger.failed('a', 'HTTP 503');
    ledger.failed('b', '50201');
    ledger.failed('c', '50201');
    const figures = ledger.compare(['a']);
    expect(figures).toMatchObject({ failed: 3, failedExecuted: 1, lost: [], executedTwice: [] });
    expect(Object.entries(figures.errors)).toEqual([
      ['50201', 2],
      ['HTTP 503', 1],
    ]);
  });

  it('takes the first outcome of a call and no other', () => {
    const ledger = ledgerOf('gone', 'done');
    ledger.vanished('gone');
    ledger.failed('gone', 'ECONNRESET');
    ledger.answered('gone');
    ledger.answered('done');
    ledger.vanished('done');
    expect(ledger.compare(['done'])).toMatchObject({ answered: 1, vanished: 1, failed: 0, errors: {} });
  });

  it('open() refuses a tag that was used before', () => {
    expect(() => ledgerOf('a', 'a')).toThrow('The tag a was used before');
  });
});
