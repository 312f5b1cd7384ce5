import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import { exitOf, makePlace, runCommand, startCommand, type Place } from '../run-cli.ts';
import { sampleConfig } from '../sample-config.ts';

const GATEWAY_BIN = fileURLToPath(new URL('../../bin/smcp-gateway.js', import.meta.url));

interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<number>;
  /** The exit code; rejects with the log when there is none within half a minute. */
  ended(): Promise<number>;
  /** Waits until the log has a line that matches. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

async function startGateway(place: Place, args: readonly string[], bin?: string): Promise<Running> {
  const child = startCommand(place, args, bin === undefined ? {} : { bin });
  const exited = exitOf(child);
  let log = '';
  child.stderr?.on('data', (chunk) => (log += String(chunk)));
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(log);
      if (found !== null) return found;
      const outcome = await Promise.race([once(child.stderr ?? child, 'data'), exited]);
      if (typeof outcome === 'number') throw new Error(`The gateway ended with ${outcome}: ${log}`);
    }
  };
  const [, port] = await said(/listening on 127\.0\.0\.1:(\d+)/);
  return {
    child,
    exited,
    ended: async () => {
      const outcome = await Promise.race([exited, delay(30_000, undefined, { ref: false })]);
      if (outcome === undefined) throw new Error(`The gateway did not end: ${log}`);
      return outcome;
    },
    said,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function callTool(
  url: string,
  key: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  const transport = new StreamableHTTPClientTransport(new URL('/mcp/everything', url), { requestInit });
  await client.connect(transport);
  try {
    return await client.callTool({ name, arguments: args });
  } finally {
    await client.close();
  }
}

async function callEcho(url: string, key: string): Promise<unknown> {
  return await callTool(url, key, 'echo', { message: 'hi' });
}

describe('smcp gateway', () => {
  it('logs what it loaded, serves, and ends with 0 when asked [S1-42] [S1-43]', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    await using gateway = await startGateway(place, ['--config', file], GATEWAY_BIN);
    await gateway.said(/loaded 3 servers: everything, broken, personal/);
    await gateway.said(/loaded 1 API key, 0 agents/);
    await gateway.said(/loaded 2 roles: developer, reader/);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended()).toBe(0);
  });

  it('accepts a key that was made while it runs, until it is revoked [S1-06] [S1-23] [S1-38]', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    await using gateway = await startGateway(place, ['gateway', '--config', file]);
    const key = (await runCommand(place, ['keys', 'create', 'carol', '--role', 'reader'])).stdout.trim();
    expect(await callEcho(gateway.url, key)).toMatchObject({ content: [{ text: 'Echo: hi' }] });
    await runCommand(place, ['keys', 'revoke', 'carol']);
    await expect
      .poll(
        async () =>
          await callEcho(gateway.url, key).then(
            () => 'accepted',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('refused');
    const verdict = JSON.parse((await runCommand(place, ['audit', 'verify', '--json'])).stdout);
    expect(verdict).toMatchObject({ ok: true, writers: [{ writer: 'cli' }, { writer: 'gateway' }] });
    gateway.child.kill('SIGINT');
    expect(await gateway.ended()).toBe(0);
  });

  it('reads the file again on SIGHUP, and keeps what is in force when the file is bad', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    await using gateway = await startGateway(place, ['gateway', '--config', file, '--no-watch']);
    await writeFile(file, 'listn: 1');
    gateway.child.kill('SIGHUP');
    await gateway.said(/not taken over/);
    await writeFile(
      file,
      sampleConfig('  - { name: dora, key: "smcp_key_dora0123456789abcdef", role: reader }'),
    );
    gateway.child.kill('SIGHUP');
    await gateway.said(/loaded 2 API keys/);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it('ends with 2 and every problem when the configuration is bad', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', 'listn: 1\nrolse: {}\n');
    const { code, stdout, stderr } = await runCommand(place, ['gateway', '--config', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/smcp\.yaml:1:1 listn: .*"listen"/);
    expect(stderr).toMatch(/smcp\.yaml:2:1 rolse: .*"roles"/);
  });

  it('ends with 1 and the remedy when the port is taken', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await runCommand(place, [
      'gateway',
      '--config',
      file,
      '--listen',
      `127.0.0.1:${port}`,
    ]);
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `smcp: Another program listens on 127.0.0.1:${port} already\n  end that program, or choose another address with --listen`,
    );
  });

  it('ends with 2 for an address that is none', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig());
    const { code, stdout } = await runCommand(place, [
      'gateway',
      '--config',
      file,
      '--listen',
      'everywhere',
      '--json',
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'USAGE', message: '--listen must be HOST:PORT, :PORT or [IPV6]:PORT' },
    });
  });

  it('lets a call in flight end first, and ends at once when asked twice', async () => {
    await using place = await makePlace();
    const file = await place.write('smcp.yaml', sampleConfig('http: { shutdown_seconds: 60 }'));
    await using gateway = await startGateway(place, ['gateway', '--config', file]);
    const key = (await runCommand(place, ['keys', 'create', 'dev', '--role', 'developer'])).stdout.trim();
    const call = callTool(gateway.url, key, 'trigger-long-running-operation', {
      duration: 50,
      steps: 5,
    }).catch(() => 'broken');
    await expect
      .poll(async () => (await place.smcp(['audit', 'export', '--type', 'call'])).stdout, { timeout: 10_000 })
      .toContain('long-running');
    gateway.child.kill('SIGTERM');
    expect(await Promise.race([gateway.exited, delay(1500, 'still there')])).toBe('still there');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended()).toBe(128 + 15);
    expect(await call).toBe('broken');
  });
});
