import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const WEEKS = 6;
const ORDERS_A_WEEK = 25;

/** What the files below hold when they are read together. */
export interface WorkFacts {
  readonly files: number;
  readonly open: number;
  /** Cents. */
  readonly sum: number;
}

/** Writes a file of orders for each of some weeks, always the same ones: something to work on that takes more than one call. */
export async function writeWorkFiles(folder: string): Promise<WorkFacts> {
  let [open, sum] = [0, 0];
  for (let week = 1; week <= WEEKS; week += 1) {
    const lines = Array.from({ length: ORDERS_A_WEEK }, (_, index) => {
      const order = week * 100 + index;
      const cents = 1000 + ((order * 7919) % 90_000);
      const isOpen = order % 7 === 0;
      if (isOpen) [open, sum] = [open + 1, sum + cents];
      return `order ${order}  ${(cents / 100).toFixed(2)} EUR  ${isOpen ? 'open' : 'paid'}`;
    });
    await writeFile(join(folder, `week-${week}.txt`), `${lines.join('\n')}\n`);
  }
  return { files: WEEKS, open, sum };
}
