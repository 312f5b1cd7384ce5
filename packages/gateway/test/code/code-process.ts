import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { ModernClient } from '../helpers/modern-client.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('../fixtures/gateway-process.ts'));

/** A gateway with code mode in a process of its own. Everybody in `people` may do everything. */
export interface CodeProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  client(who: string, door?: string): ModernClient;
  /** Ends it, and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface CodeProcessOptions {
  readonly people: readonly string[];
  readonly servers?: Record<string, unknown>;
  readonly codeMode?: Record<string, unknown>;
  readonly roles?: Record<string, unknown>;
  /** In place of what this process has. */
  readonly path?: string;
}

export async function startCodeProcess(options: CodeProcessOptions): Promise<CodeProcess> {
  const { people, servers = {}, codeMode = {}, roles = {}, path = process.env['PATH'] ?? '' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'smcp-code-'));
  const file = join(folder, 'smcp.yaml');
  const config = {
    listen: '127.0.0.1:0',
    servers,
    api_keys: people.map((name) => ({ name, key: keyOf(name), role: 'all' })),
    roles: { all: { allow: ['*:*'] }, ...roles },
    code_mode: codeMode,
    log: { level: 'error' },
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  const child = spawn(process.execPath, [PROGRAM, file, join(folder, 'state')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: path },
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { pid = 0 } = child;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isGone(child)) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    pid,
    url,
    client: (who, door = '/code') => new ModernClient(url + door, keyOf(who)),
    end,
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function keyOf(name: string): string {
  return `smcp_key_${name.padEnd(43, '0')}`;
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
