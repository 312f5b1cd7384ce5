import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SOCKET_FILE, sweepSockets } from '../../src/local/sweep-sockets.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'smcp-sweep-'));
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

it('sweepSockets() removes what a killed gateway left, and nothing of one that runs or starts', async () => {
  const [dead, alive, starting, other] = ['smcp-local-a', 'smcp-local-b', 'smcp-local-c', 'other-d'].map(
    (name) => join(parent, name),
  );
  for (const folder of [dead!, alive!, starting!, other!]) await mkdir(folder);
  // Only a process that is killed leaves its socket behind.
  const listen = `require('net').createServer().listen(process.argv[1], () => console.log('listening'))`;
  const killed = spawn(process.execPath, ['-e', listen, join(dead!, SOCKET_FILE)]);
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const server = createServer().listen(join(alive!, SOCKET_FILE));
  await once(server, 'listening');
  await sweepSockets(parent);
  expect((await readdir(parent)).toSorted()).toEqual(['other-d', 'smcp-local-b', 'smcp-local-c']);
  server.close();
});

it('sweepSockets() is content with a folder that is not there', async () => {
  await expect(sweepSockets(join(parent, 'nowhere'))).resolves.toBeUndefined();
});
