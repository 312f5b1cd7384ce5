import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { savingsText, tokensOf } from '../../../src/commands/demo/savings.ts';
import { writeWorkFiles } from '../../../src/commands/demo/work-files.ts';

describe('writeWorkFiles()', () => {
  it('says what reading the files gives, the same each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-work-'));
    try {
      const facts = await writeWorkFiles(folder);
      expect(await writeWorkFiles(folder)).toEqual(facts);
      const names = await readdir(folder);
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      const open = texts.flatMap((text) => [...text.matchAll(/([\d.]+) EUR {2}open/g)]);
      expect(names).toHaveLength(facts.files);
      expect(open).toHaveLength(facts.open);
      expect(open.reduce((sum, [, amount]) => sum + Math.round(Number(amount) * 100), 0)).toBe(facts.sum);
      expect(facts.open).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('savingsText()', () => {
  it('tells both ways and never more than was saved', () => {
    const text = savingsText({ roundTrips: 3, chars: 400 }, { roundTrips: 10, chars: 1200 });
    expect(text.split('\n')).toEqual([
      'tokens: about 100 instead of 300 (66% fewer)',
      'round trips: 3 instead of 10 (70% fewer)',
      '(4 characters a token, each text counted once)',
    ]);
  });

  it('counts the beginning of a token as one', () => {
    expect(tokensOf({ roundTrips: 1, chars: 5 })).toBe(2);
  });
});
