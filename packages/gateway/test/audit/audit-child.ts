import { writeSync } from 'node:fs';
import { openAuditLog } from '../../src/audit/index.ts';
import { openHome } from '../../src/home/index.ts';
import { openStore } from '../../src/store/index.ts';
import { callEntry } from './audit-place.ts';

/**
 * A program for end-to-end tests: appends calls named `<prefix>-<number>` from several tasks at once, until it is killed or closed by the end of its
 * standard input, and prints `ack <number>` for each that is in the log, `no <code>` for each that is not.
 */
const [home = '', sync = 'os', prefix = 'call', tasks = '20'] = process.argv.slice(2);

const place = await openHome({ env: {}, home });
await using store = await openStore(undefined, place);
await using log = await openAuditLog({
  directory: place.file('audit'),
  writer: 'gateway',
  signingKey: place.auditSigningKey,
  store,
  clock: Date.now,
  settings: { sync: sync === 'disk' ? 'disk' : 'os', segmentBytes: 256 * 1024, checkpointRecords: 50 },
});

const ended = new AbortController();
process.stdin.on('end', () => ended.abort()).resume();
let next = 0;
async function work(): Promise<void> {
  while (!ended.signal.aborted) {
    const number = next++;
    try {
      await log.append(callEntry(`${prefix}-${number}`, { arguments: { text: 'x'.repeat(number % 700) } }));
      writeSync(1, `ack ${number}\n`);
    } catch (error) {
      writeSync(1, `no ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
await Promise.all(Array.from({ length: Number(tasks) }, work));
