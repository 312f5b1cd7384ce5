import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EraClient, Progress } from '../eras/client/era-client.ts';
import { serverCommand } from '../eras/harness/server-process.ts';
import { waitUntil } from '../eras/harness/wait-until.ts';
import { ERAS, execute, openCodeStage, type CodeStage } from './code-stage.ts';
import { startWorkServer, type WorkServer } from './work-server.ts';

let work: WorkServer;
let stage: CodeStage;

beforeAll(async () => {
  work = await startWorkServer();
  stage = await openCodeStage({
    servers: { work: { url: work.url }, 'old-one': serverCommand('handshake', 'stdio') },
  });
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});

beforeEach(() => {
  work.forget();
});

describe.each(ERAS)('a script of a %s client', (era) => {
  let client: EraClient;
  beforeAll(async () => {
    client = await stage.connect(era);
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
  });

  it('joins two servers in one call [S0-02] [S0-12] [S0-60] [S3-07] [S3-08]', async () => {
    const code = `
      interface Row { id: number }
      const rows: Row[] = await work.list({}) as Row[];
      const sums: number[] = [];
      for (const { id } of rows) {
        const { sum } = await oldOne.add({ a: id, b: 40 });
        sums.push(sum);
      }
      if (sums[1] === 42) await work.note({ text: \`sums \${sums.join(' ')}\` });
      return sums;`;
    expect(await execute(client, code)).toMatchObject({ isError: false, result: [41, 42] });
    expect(work.done.at(-1)).toMatchObject({ tool: 'note', args: { text: 'sums 41 42' } });
  });
});
