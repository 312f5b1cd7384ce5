import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SMCP = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'smcp.js');

export interface AuditFigures {
  readonly ok: boolean;
  readonly records: number;
  /** What the command said, when it found something wrong. */
  readonly said: string;
}

/** Lets `smcp audit verify` look at the records of a gateway that has ended. */
export async function verifyAudit(home: string): Promise<AuditFigures> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, SMCP_HOME: home };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SMCP, 'audit', 'verify', '--json'], {
      env,
    });
    const { ok, writers } = JSON.parse(stdout) as {
      readonly ok: boolean;
      readonly writers: readonly { readonly records: number }[];
    };
    return { ok, records: writers.reduce((sum, { records }) => sum + records, 0), said: '' };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return { ok: false, records: 0, said: `${stdout}${stderr}`.trim() || String(error) };
  }
}
