import { describe, expect, it } from 'vitest';
import { connectOverHttp, connectOverSse, connectOverStdio } from './client/connect.ts';
import type { EraClient } from './client/era-client.ts';
import { FEATURES } from './features/all-features.ts';
import { runColumn } from './harness/run-column.ts';
import { serverCommand, startHttpServer } from './harness/server-process.ts';

/** Without a gateway between them: what fails here is the fault of the fixture. */
describe('clients and servers of the same era, directly', () => {
  const failures = async (connect: () => Promise<EraClient>): Promise<unknown> => {
    const column = await runColumn(FEATURES, connect);
    return Object.fromEntries([...column].filter(([, failure]) => failure !== undefined));
  };

  it.each(['modern', 'handshake'] as const)('the %s era over HTTP shows every feature', async (era) => {
    await using server = await startHttpServer(era, 'http');
    expect(await failures(async () => await connectOverHttp(era, server.url))).toEqual({});
  });

  it.each(['modern', 'handshake'] as const)('the %s era over stdio shows every feature', async (era) => {
    const program = serverCommand(era, 'stdio');
    expect(await failures(async () => await connectOverStdio(era, program))).toEqual({});
  });

  it('the handshake era over SSE shows every feature', async () => {
    await using server = await startHttpServer('handshake', 'sse');
    expect(await failures(async () => await connectOverSse(server.url))).toEqual({});
  });

  it.each(['modern', 'handshake'] as const)('a tool of the %s era really makes a task', async (era) => {
    await using server = await startHttpServer(era, 'http');
    await using client = await connectOverHttp(era, server.url);
    expect(await client.callAsTask('may_be_task')).toMatchObject({ task: true });
    expect(await client.callAsTask('only_as_task')).toMatchObject({ task: true });
    await expect(client.callTool('only_as_task')).rejects.toThrow(/task/);
  });

  it('a server of one era refuses a client of the other', async () => {
    await using modern = await startHttpServer('modern', 'http');
    await using handshake = await startHttpServer('handshake', 'http');
    await expect(connectOverHttp('handshake', modern.url)).rejects.toThrow(/protocol version/i);
    await expect(connectOverHttp('modern', handshake.url)).rejects.toThrow(/2026-07-28/);
  });
});
