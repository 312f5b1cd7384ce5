import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '@smcp/gateway';
import type { Cli } from '../../cli/cli.ts';
import { configFile } from '../../configuration/config-option.ts';
import { loadFull } from '../../configuration/load.ts';
import { CliError } from '../../errors/cli-error.ts';
import { toReport } from '../../errors/to-report.ts';
import { counted } from '../../output/count.ts';
import type { Finding } from './finding.ts';

const NEEDED_NODE = 24;
const LOW_DISK_BYTES = 1024 ** 3;

export function checkNode(version: string): Finding {
  const major = Number(/^v(\d+)/.exec(version)?.[1] ?? 0);
  const about = { what: 'node', purpose: 'runs everything', needed: true, detail: version } as const;
  if (major >= NEEDED_NODE) return { ...about, status: 'ok' };
  return {
    ...about,
    status: 'missing',
    remedy: `install Node ${NEEDED_NODE} or newer from https://nodejs.org`,
  };
}

/** State folder and store. Opens them when they exist, and only then, so that looking makes nothing. */
export async function checkState(cli: Cli): Promise<readonly Finding[]> {
  const folder = cli.stateFolder;
  const about = { what: 'state folder', purpose: 'keys, secrets, records', needed: true } as const;
  const store = { what: 'store', purpose: 'keys, secrets, anchors', needed: true } as const;
  if (!existsSync(folder)) {
    const parent = nearestExisting(folder);
    const writable = await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (writable) return [{ ...about, status: 'ok', detail: `${folder}, made at first use` }];
    return [
      {
        ...about,
        status: 'missing',
        detail: `${folder} cannot be made: ${parent} is not writable`,
        remedy: 'set SMCP_HOME to a folder you may write',
      },
    ];
  }
  try {
    const opened = await cli.foundation();
    const revision = await opened.store.revision();
    return [
      { ...about, status: 'ok', detail: folder },
      { ...store, status: 'ok', detail: `answers (revision ${revision})` },
    ];
  } catch (error) {
    const { code, message, remedy } = toReport(error);
    const finding = {
      status: 'missing',
      detail: message,
      ...(remedy === undefined ? {} : { remedy }),
    } as const;
    return [code.startsWith('STORE_') ? { ...store, ...finding } : { ...about, ...finding }];
  }
}

export async function checkDisk(folder: string): Promise<Finding> {
  const about = { what: 'disk', purpose: 'room for records', needed: false } as const;
  const { bavail, bsize } = await statfs(nearestExisting(folder));
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  if (free >= LOW_DISK_BYTES) return { ...about, status: 'ok', detail };
  return {
    ...about,
    status: 'warning',
    detail,
    remedy: 'calls are refused when they cannot be recorded; make room, or set audit.retention_days',
  };
}

/** The configuration in the usual places, if there is one. */
export async function checkConfig(cli: Cli): Promise<Finding> {
  const about = { what: 'configuration', purpose: 'servers, roles, keys', needed: false } as const;
  try {
    const file = configFile(undefined);
    const { warnings } = await loadFull(cli, file);
    return {
      ...about,
      status: 'ok',
      detail: `${file}${warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`}`,
    };
  } catch (error) {
    if (error instanceof ConfigError) {
      const [first] = error.problems;
      const count = `${counted(error.problems.length, 'problem')} in ${first?.file ?? 'the file'}`;
      return {
        ...about,
        status: 'warning',
        detail: count,
        remedy: `see: smcp config check ${first?.file ?? ''}`.trim(),
      };
    }
    if (!(error instanceof CliError)) throw error;
    return { ...about, status: 'missing', detail: error.message, remedy: error.remedy ?? '' };
  }
}

function nearestExisting(path: string): string {
  let found = path;
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found);
  return found;
}
