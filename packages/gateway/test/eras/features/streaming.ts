import { isJsonObject, type JsonObject } from '@smcp/protocol';
import { expect } from 'vitest';
import type { EraClient, Progress } from '../client/era-client.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { textOf, type Feature } from './feature.ts';

/** What a server says while a call is under way, and how a client ends one. */
export const STREAMING: readonly Feature[] = [
  {
    name: 'progress',
    joined: true,
    show: async ({ client, named }) => {
      const steps = [1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` }));
      const heard: Progress[] = [];
      const onProgress = (progress: Progress): number => heard.push(progress);
      expect(textOf(await client.callTool(named('report_progress'), {}, { onProgress }))).toBe('done');
      const arrived = paramsOf(client, 'notifications/progress');
      expect(arrived.map(({ progressToken: _token, ...step }) => step)).toEqual(steps);
      // The SDK drops those that come in one piece with the answer; any at all show that the token is its own.
      expect(steps.slice(0, heard.length)).toEqual(heard);
      expect(heard.length).toBeGreaterThan(0);
    },
  },
  {
    name: 'logging: from a level on',
    show: async ({ client, named }) => {
      await client.setLogLevel('info');
      await client.callTool(named('log_lines'));
      await waitUntil('two log messages', () => (logged(client).length >= 2 ? true : undefined));
      expect(logged(client)).toEqual(['info', 'warning']);
    },
  },
  {
    name: 'logging: down to debug',
    show: async ({ client, named }) => {
      await client.setLogLevel('debug');
      await client.callTool(named('log_lines'));
      await waitUntil('three log messages', () => (logged(client).length >= 3 ? true : undefined));
      expect(logged(client)).toEqual(['debug', 'info', 'warning']);
    },
  },
  {
    name: 'cancellation',
    joined: true,
    show: async ({ client, named }) => {
      const id = crypto.randomUUID();
      const controller = new AbortController();
      const call = client.callTool(named('wait'), { id }, { signal: controller.signal });
      const outcome = call.then(
        () => 'answered',
        () => 'rejected',
      );
      setTimeout(() => controller.abort(new Error('No longer wanted')), 150);
      expect(await outcome).toBe('rejected');
      await waitUntil('the server to stop', async () => {
        const said = textOf(await client.callTool(named('was_cancelled'), { id }));
        return said === 'true' ? true : undefined;
      });
    },
  },
];

/** Levels of the log messages that arrived, in order. */
function logged(client: EraClient): unknown[] {
  return paramsOf(client, 'notifications/message').map(({ level }) => level);
}

function paramsOf({ received }: EraClient, method: string): JsonObject[] {
  return received
    .filter((message) => message['method'] === method)
    .map(({ params }) => params)
    .filter(isJsonObject);
}
