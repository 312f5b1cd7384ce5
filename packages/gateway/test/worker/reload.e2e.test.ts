import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { issueKey, openFoundation } from '../../src/index.ts';
import { fresh, WanderingClient } from './http.ts';
import { Bench, eventsOf, ownerOf, PATIENT } from './workers-bench.ts';

describe('reload', () => {
  it('reaches every worker, and a bad file none', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
    const url = `${workers.url}/mcp/counting`;
    const clients = await Promise.all([WanderingClient.open(url), WanderingClient.open(url)]);
    expect(new Set(clients.map(({ session }) => ownerOf(session))).size).toBe(2);
    const codes = async () =>
      await Promise.all(
        clients.map(async (client) => (await client.callTool('count', { tag: 't' })).error?.code),
      );
    expect(await codes()).toEqual([undefined, undefined]);

    await writeFile(join(workers.folder, 'smcp.yaml'), 'workers: many');
    workers.signal('SIGHUP');
    await expect.poll(() => workers.log()).toContain('configuration not taken over');
    expect(await codes()).toEqual([undefined, undefined]);

    await workers.write({ servers, roles: { eng: { allow: ['counting:*'], deny: ['counting:count'] } } });
    workers.signal('SIGHUP');
    await expect.poll(async () => await codes(), PATIENT).toEqual([-32602, -32602]);

    expect(await eventsOf(workers)).toEqual(['gateway.started', 'config.reloaded']);
    expect(workers.log().match(/loaded 1 role: eng/g)).toHaveLength(2);
  });

  it('changes the limits that workers share', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
    const client = await WanderingClient.open(`${workers.url}/mcp/counting`);
    expect((await client.callTool('count', { tag: 't' })).result).toBeDefined();
    await workers.write({ servers, limits: { principal: { rate: { calls: '1/h' } } } });
    workers.signal('SIGHUP');
    await expect.poll(async () => (await workers.records()).length).toBeGreaterThan(3);
    await sleep(100);
    const answers = await Promise.all(
      Array.from({ length: 4 }, async () => await client.callTool('count', { tag: 't' })),
    );
    expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(1);
  });

  it('changes nothing anywhere when a worker finds what the file does not show', async () => {
    await using bench = new Bench();
    const { servers } = await bench.counting();
    const workers = await bench.start({ servers });
    const clients = await Promise.all([
      WanderingClient.open(`${workers.url}/mcp/counting`),
      WanderingClient.open(`${workers.url}/mcp/counting`),
    ]);
    await using foundation = await openFoundation({ env: {}, home: join(workers.folder, 'state') });
    const { token } = await issueKey(foundation.issueContext, { name: 'bob', roles: ['eng'] });
    for (let n = 0; n < 2; n += 1) {
      // Each worker looks the token up, and knows of it then.
      const answer = await fresh(workers.url + '/mcp', { headers: { authorization: `Bearer ${token}` } });
      answer.resume();
      expect(answer.statusCode).not.toBe(401);
    }
    const key = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';
    await workers.write({
      servers,
      api_keys: [{ name: 'bob', key, role: 'eng' }],
      roles: { eng: { allow: [] } },
    });
    workers.signal('SIGHUP');
    await expect.poll(() => workers.log(), PATIENT).toContain('configuration not taken over');
    for (const client of clients) {
      expect((await client.callTool('count', { tag: 't' })).result).toBeDefined();
    }
    expect(await eventsOf(workers)).toEqual(['gateway.started']);
    expect(await workers.workerPids()).toHaveLength(2);
    expect(workers.log()).not.toContain('replaced');
  });
});
