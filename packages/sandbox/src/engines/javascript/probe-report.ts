import type { Layer } from '../../engine.ts';
import { Members } from '../../wire/members.ts';
import { ProtocolError } from '../../wire/protocol-error.ts';

/** What `probe/attempts.js` tells: `done`, or the code of the error that stopped it. */
export interface ProbeReport {
  readonly environment: readonly string[];
  readonly connect: string;
  readonly datagram: string;
  readonly readFile: string;
  readonly readFolder: string;
  readonly processes: string;
  readonly write: string;
  readonly writeRoot: string;
  readonly spawn: string;
  readonly memory: string;
}

type Attempt = Exclude<keyof ProbeReport, 'environment'>;

/** What each layer, when it is active, has to stop. */
const STOPPED_BY: Readonly<Partial<Record<Layer['name'], readonly Attempt[]>>> = {
  namespaces: ['connect', 'readFile', 'readFolder', 'processes', 'write', 'writeRoot'],
  seccomp: ['connect', 'datagram', 'spawn'],
  'memory-limit': ['memory'],
};

/** Set by a shell or by bubblewrap for themselves; they tell no more than the folder, which is the root. */
const HARMLESS_VARIABLES = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);

/**
 * Reads what a probe told.
 *
 * @throws {ProtocolError} When a member is missing. {SyntaxError} When it is no JSON.
 */
export function parseProbeReport(text: string): ProbeReport {
  const members = new Members('report', JSON.parse(text));
  const environment = members.value('environment');
  if (!Array.isArray(environment)) {
    throw new ProtocolError('Member "environment" of report is no list');
  }
  return {
    environment: environment.map(String),
    connect: members.text('connect'),
    datagram: members.text('datagram'),
    readFile: members.text('readFile'),
    readFolder: members.text('readFolder'),
    processes: members.text('processes'),
    write: members.text('write'),
    writeRoot: members.text('writeRoot'),
    spawn: members.text('spawn'),
    memory: members.text('memory'),
  };
}

/** What went through though a layer that is said to be active has to stop it; empty when each layer does its work. */
export function brokenPromises(report: ProbeReport, layers: readonly Layer[]): string[] {
  const broken = report.environment
    .filter((name) => !HARMLESS_VARIABLES.has(name))
    .map((name) => `process: variable ${name} is set`);
  for (const { name, active } of layers) {
    for (const attempt of active ? (STOPPED_BY[name] ?? []) : []) {
      if (report[attempt] === 'done') {
        broken.push(`${name}: ${attempt} was possible`);
      }
    }
  }
  return broken;
}
