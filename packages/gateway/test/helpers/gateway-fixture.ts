import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { openFoundation, startGateway, type Foundation, type RunningGateway } from '../../src/index.ts';
import { createLogger } from '../../src/telemetry/index.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Configuration of one of the reference servers from npm as a child process. */
export function referenceServer(
  name: 'everything' | 'filesystem' | 'memory',
  ...args: string[]
): { command: string; args: string[] } {
  return { command: process.execPath, args: [serverProgram(name), ...args] };
}

export function serverProgram(name: 'everything' | 'filesystem' | 'memory'): string {
  return join(ROOT, 'node_modules', '@modelcontextprotocol', `server-${name}`, 'dist', 'index.js');
}

export interface GatewayFixture extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  readonly foundation: Foundation;
  readonly gateway: RunningGateway;
  /** Everything logged so far. */
  readonly log: () => string;
  write(config: unknown): Promise<void>;
}

export interface FixtureOptions {
  /** Log as the gateway does by itself, to standard error and redacted, instead of into `log()` and unredacted. */
  readonly ownLogger?: boolean;
}

/** A gateway on a free port with its own state folder; everything is removed at the end. */
export async function startFixture(
  config: Record<string, unknown>,
  env: Record<string, string> = {},
  options: FixtureOptions = {},
): Promise<GatewayFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'smcp-gateway-'));
  const file = join(folder, 'smcp.yaml');
  const write = async (next: unknown): Promise<void> => {
    await writeFile(file, stringify(next));
  };
  await write({ listen: '127.0.0.1:0', ...config });
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line), on: () => undefined };
  const foundation = await openFoundation({
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    home: join(folder, 'state'),
  });
  const logger = createLogger({ level: 'debug', format: 'json', stream, redact: (text) => text });
  let gateway: RunningGateway;
  try {
    gateway = await startGateway({
      foundation,
      file,
      watch: false,
      ...(options.ownLogger === true ? {} : { logger }),
    });
  } catch (error) {
    await foundation[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    folder,
    file,
    foundation,
    gateway,
    log: () => lines.join(''),
    write,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await foundation[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
