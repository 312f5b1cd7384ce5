import { openChain, type AuditLog, type Foundation, type LoadedConfig } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';
import { hasCode } from '../errors/has-code.ts';

/** Chain of records of everything done by this command. */
const WRITER = 'cli';

/** Folder of the audit logs of all writers. */
export function auditFolder({ home }: Pick<Foundation, 'home'>): string {
  return home.file('audit');
}

/** How many commands may write chains of one name at the same time. */
const MAX_CHAINS = 64;

type AuditSettings = LoadedConfig['config']['audit'];

/** Opens the chain of this command; waits for another command that writes it. */
export async function openOperatorLog(cli: Cli, settings?: AuditSettings): Promise<AuditLog> {
  return await openLog(cli, WRITER, settings);
}

/** Opens a chain for a command that may take long: the first one of that name, with a number, that no other command writes. */
export async function openFreeLog(cli: Cli, writer: string, settings: AuditSettings): Promise<AuditLog> {
  for (let number = 1; ; number += 1) {
    try {
      return await openLog(cli, number === 1 ? writer : `${writer}-${number}`, settings, 0);
    } catch (error) {
      if (!hasCode(error, 'AUDIT_LOCKED') || number >= MAX_CHAINS) throw error;
    }
  }
}

async function openLog(
  cli: Cli,
  writer: string,
  settings: AuditSettings | undefined,
  lockTimeoutMs?: number,
): Promise<AuditLog> {
  return await openChain(await cli.foundation(), {
    writer,
    settings,
    clock: cli.io.now,
    lockTimeoutMs,
    onError: (error) => {
      cli.out.warn(`smcp: audit log: ${error.message}`);
    },
  });
}

/**
 * Makes a change to the state and records it. The log is opened first, so that nothing is changed that could not be recorded.
 *
 * @param change Gives its result and what to record; without `event` nothing was changed.
 */
export async function recordChange<T>(
  cli: Cli,
  change: (foundation: Foundation) => Promise<{
    readonly result: T;
    readonly event?: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  }>,
): Promise<T> {
  const foundation = await cli.foundation();
  await using log = await openOperatorLog(cli);
  const { result, event, detail } = await change(foundation);
  if (event !== undefined) {
    const time = new Date(cli.io.now()).toISOString();
    await log.append({ type: 'system', time, event, ...(detail === undefined ? {} : { detail }) });
  }
  return result;
}
