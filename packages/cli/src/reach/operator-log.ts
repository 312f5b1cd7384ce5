import { openChain, type AuditLog, type Foundation, type LoadedConfig } from '@smcp/gateway';
import type { Cli } from '../cli/cli.ts';

/** Chain of records of everything done by this command. */
const WRITER = 'cli';

/** Folder of the audit logs of all writers. */
export function auditFolder({ home }: Pick<Foundation, 'home'>): string {
  return home.file('audit');
}

/** Opens the chain of this command; waits for another command that writes it. */
export async function openOperatorLog(
  cli: Cli,
  settings?: LoadedConfig['config']['audit'],
): Promise<AuditLog> {
  return await openChain(await cli.foundation(), {
    writer: WRITER,
    settings,
    clock: cli.io.now,
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
