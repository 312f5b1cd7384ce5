import { describe, expect, it } from 'vitest';
import { Readable } from 'node:stream';
import { Cli } from '../../src/cli/cli.ts';
import { loadFull } from '../../src/configuration/load.ts';
import { whereOf } from '../../src/configuration/secret-free.ts';
import { Collector, makePlace } from '../run-cli.ts';

async function whereFor(server: string, env: Readonly<Record<string, string>>): Promise<string> {
  await using place = await makePlace();
  const file = await place.write('smcp.yaml', `servers: { s: ${server} }`);
  const streams = { stdin: Readable.from([]), stdout: new Collector(), stderr: new Collector() };
  await using cli = new Cli({ ...streams, env: { SMCP_HOME: place.home, ...env }, now: Date.now });
  const loaded = await loadFull(cli, file);
  const found = loaded.config.servers['s'];
  if (found === undefined) throw new Error('The server is not there');
  return whereOf(found, loaded);
}

describe('whereOf()', () => {
  it('joins command and arguments', async () => {
    expect(await whereFor('{ command: npx, args: ["-y", "server"] }', {})).toBe('npx -y server');
  });

  it('hides what came from a variable in an argument', async () => {
    const where = await whereFor('{ command: npx, args: ["--token=${T}"] }', { T: 'hunter2-hunter2' });
    expect(where).toBe('npx --token=…');
  });

  it('hides what came from a variable in an address', async () => {
    const where = await whereFor('{ url: "https://x.example/${T}/mcp" }', { T: 'hunter2-hunter2' });
    expect(where).toBe('https://x.example/…/mcp');
  });
});
