import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CONTENDERS = ['smcp', 'smcp oneshot', '@utcp/code-mode', '@cloudflare/codemode'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export interface ContenderSpec {
  readonly name: ContenderName;
  /** Path of a module that is a `ContenderModule`. */
  readonly module: string;
  /** Where its scripts run. */
  readonly sandbox: string;
}

/** Folder with the manifest of the peers, and their modules. */
export const PEERS_FOLDER = join(import.meta.dirname, '..', 'peers');

export const OURS: readonly ContenderSpec[] = [
  {
    name: 'smcp',
    module: join(import.meta.dirname, 'smcp-pooled.ts'),
    sandbox: 'isolate in a pooled process, jitless, contained',
  },
  {
    name: 'smcp oneshot',
    module: join(import.meta.dirname, 'smcp-oneshot.ts'),
    sandbox:
      'isolate in a process for each script, jitless, contained; scripts in a row use up those that stand ready',
  },
];

export const PEERS: readonly ContenderSpec[] = [
  {
    name: '@utcp/code-mode',
    module: join(PEERS_FOLDER, 'utcp.mjs'),
    sandbox: 'isolate inside the process that holds the tools',
  },
  {
    name: '@cloudflare/codemode',
    module: join(PEERS_FOLDER, 'cloudflare.mjs'),
    sandbox: 'isolate inside the workerd process that holds the tools',
  },
];

/** Exact versions of the peers, by name. */
export function peerVersions(): Readonly<Record<string, string>> {
  const manifest = readFileSync(join(PEERS_FOLDER, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly dependencies: Readonly<Record<string, string>> }).dependencies;
}
