import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badConfigs, CANARY } from '../config/bad-configs.ts';
import { startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { readFolder } from './search-state.ts';
import { SECRETS } from './secrets.ts';

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture(
    { api_keys: [{ name: 'alice', key: '${ALICE}', role: 'eng' }], roles: { eng: {} } },
    { ALICE: SECRETS.alice, CANARY },
  );
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

// A file of another name is not the one that the gateway reads.
const reloadable = badConfigs.filter(({ file }) => file === undefined);

describe('reload() keeps the configuration in force (A91, A99) when the file has', () => {
  it.each(reloadable.map((bad) => [bad.name, bad] as const))('%s', async (_name, bad) => {
    const { loaded } = fixture.gateway;
    const beside = Object.entries(bad.files ?? {});
    for (const [name, { text, mode }] of beside) {
      await writeFile(join(fixture.folder, name), text);
      await chmod(join(fixture.folder, name), mode);
    }
    // Renamed into place: the watch may read at any moment, and half a file is another file.
    await writeFile(`${fixture.file}.next`, bad.text);
    await rename(`${fixture.file}.next`, fixture.file);
    const { length } = fixture.log();
    await fixture.gateway.reload();
    await Promise.all(beside.map(async ([name]) => await rm(join(fixture.folder, name))));

    expect(fixture.gateway.loaded).toBe(loaded);
    const lines = fixture.log().slice(length).split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: 'error',
        msg: expect.stringContaining('configuration not taken over, the one in force stays: '),
      });
    }
    const answer = await fetch(`${fixture.gateway.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRETS.alice}`, 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}',
    });
    expect(answer.status).toBe(200);
  });

  it('nothing to tell of the secrets in it', async () => {
    expect(fixture.log()).not.toContain(CANARY);
    for (const [, text] of await readFolder(fixture.foundation.home.path)) {
      expect(text).not.toContain(CANARY);
    }
  });
});
