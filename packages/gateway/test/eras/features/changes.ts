import { isJsonObject } from '@smcp/protocol';
import { expect } from 'vitest';
import type { EraClient } from '../client/era-client.ts';
import { COUNTER_URI } from '../server/texts.ts';
import { CHANGING, type Changing } from '../server/world.ts';
import { waitUntil } from '../harness/wait-until.ts';
import type { Feature } from './feature.ts';

/** How a client learns that something is different now. */
export const CHANGES: readonly Feature[] = [
  ...CHANGING.map(changeOf),
  {
    name: 'resource updates',
    show: async ({ client, named }) => {
      await using _listening = await client.listen({ uri: COUNTER_URI });
      const before = await counter(client);
      await client.callTool(named('touch'));
      const { params } = await arrival(client, 'notifications/resources/updated');
      expect(isJsonObject(params) ? params['uri'] : undefined).toBe(COUNTER_URI);
      expect(await counter(client)).toBe(before + 1);
    },
  },
];

function changeOf(what: Changing): Feature {
  return {
    name: `list changes: ${what}`,
    joined: what === 'tools',
    show: async ({ client, named }) => {
      const extra = named(`extra_${what.slice(0, -1)}`);
      expect(await namesOf(client, what)).not.toContain(extra);
      await using _listening = await client.listen({ list: what });
      // Back again as well, for every session of a server is to list the same.
      for (const shown of [true, false]) {
        client.forget();
        await client.callTool(named('change'), { what });
        await changed(client, what, async () => (await namesOf(client, what)).includes(extra) === shown);
      }
    },
  };
}

/** Others may change lists as well; but whoever looks whenever one is said to be different has to see it in the end. */
async function changed(client: EraClient, what: Changing, look: () => Promise<boolean>): Promise<void> {
  const method = `notifications/${what}/list_changed`;
  let heard = 0;
  await waitUntil(`the change of ${what}`, async () => {
    const said = client.received.filter((message) => message['method'] === method).length;
    if (said <= heard) return undefined;
    heard = said;
    return (await look()) ? true : undefined;
  });
}

async function namesOf(client: EraClient, what: Changing): Promise<readonly string[]> {
  const lists = {
    tools: async () => await client.listTools(),
    prompts: async () => await client.listPrompts(),
    resources: async () => await client.listResources(),
  };
  return (await lists[what]()).map(({ name }) => name);
}

async function arrival(client: EraClient, method: string) {
  return await waitUntil(method, () => client.received.find((message) => message['method'] === method));
}

async function counter(client: EraClient): Promise<number> {
  const { contents } = (await client.readResource(COUNTER_URI)) as { contents?: { text?: string }[] };
  return Number(contents?.[0]?.text);
}
