import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A started server that shall list its tools. Times are milliseconds. */
export interface ListOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: { readonly tools?: readonly unknown[]; readonly nextCursor?: string };
  readonly error?: { readonly message?: string };
}

const MAX_PAGES = 50;

/**
 * What a server over stdio answers to `tools/list`, all pages, just as it says it. Lines that are no JSON are skipped, requests of the server are left
 * without an answer; the server is killed afterwards.
 *
 * @throws {Error} when the server ends, refuses, or does not answer in time.
 */
export async function listTools(options: ListOptions): Promise<readonly unknown[]> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting = new Map<unknown, (message: Message) => void>();
  const ended = Promise.withResolvers<never>();
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-2000);
  });
  child.stdin.on('error', () => {
    // The end of the child says it better.
  });
  child.once('error', ended.reject);
  child.once('exit', (code) => ended.reject(new Error(`The server ended with ${code}: ${said}`)));
  const timer = setTimeout(
    () => ended.reject(new Error(`No answer in ${options.timeoutMs} ms: ${said}`)),
    options.timeoutMs,
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = ifMessage(line);
    if (message !== undefined && message.method === undefined) waiting.get(message.id)?.(message);
  });

  const send = (message: object): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  let ids = 0;
  const ask = async (method: string, params: object): Promise<NonNullable<Message['result']>> => {
    const id = (ids += 1);
    const reply = Promise.withResolvers<Message>();
    waiting.set(id, reply.resolve);
    send({ id, method, params });
    const { result, error } = await Promise.race([reply.promise, ended.promise]);
    if (result === undefined) throw new Error(`${method} was refused: ${error?.message ?? 'no reason'}`);
    return result;
  };

  try {
    await ask('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'catalogue-capture', version: '1' },
    });
    send({ method: 'notifications/initialized' });
    const tools: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const result = await ask('tools/list', cursor === undefined ? {} : { cursor });
      tools.push(...(result.tools ?? []));
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
}

function ifMessage(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
