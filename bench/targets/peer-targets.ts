import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from '../lifetime/running-process.ts';
import type { Workspace } from '../lifetime/workspace.ts';
import { programOf } from './installed.ts';
import type { Target } from './target.ts';

const READY_MS = 20_000;
const POLL_MS = 50;
const HOST = '127.0.0.1';

/**
 * mcp-proxy in front of one stdio server, which all its clients share. It serves what the measured gateway serves, streamable HTTP with sessions, and is faster
 * without the newer protocol era and without the store for resumed streams.
 */
export async function startMcpProxy(workspace: Workspace, server: readonly string[]): Promise<Target> {
  const port = await freePort();
  const options = [
    '--host',
    HOST,
    '--port',
    `${port}`,
    '--server',
    'stream',
    '--no-modern',
    '--no-eventStore',
  ];
  const program = programOf('mcp-proxy', 'dist', 'bin', 'mcp-proxy.mjs');
  const started = workspace.start('mcp-proxy', [program, ...options, '--', process.execPath, ...server], {
    channel: false,
  });
  await listening(started, port);
  return { way: 'mcp-proxy', endpoint: endpointAt(port), process: started };
}

/** supergateway with sessions, which starts one process of the stdio server for each client. Its log is off, as it writes several lines per call. */
export async function startSupergateway(workspace: Workspace, server: readonly string[]): Promise<Target> {
  const port = await freePort();
  const command = [process.execPath, ...server]
    .map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`)
    .join(' ');
  const options = [
    '--stateful',
    '--outputTransport',
    'streamableHttp',
    '--port',
    `${port}`,
    '--logLevel',
    'none',
  ];
  const program = programOf('supergateway', 'dist', 'index.js');
  const started = workspace.start('supergateway', [program, '--stdio', command, ...options], {
    channel: false,
  });
  await listening(started, port);
  return { way: 'supergateway', endpoint: endpointAt(port), process: started };
}

function endpointAt(port: number): Target['endpoint'] {
  return { kind: 'http', url: `http://${HOST}:${port}/mcp`, headers: {} };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(started: RunningProcess, port: number): Promise<void> {
  const until = performance.now() + READY_MS;
  while (!(await accepts(port))) {
    if (started.ended || performance.now() > until) {
      started.fail('does not accept connections');
    }
    await sleep(POLL_MS);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
