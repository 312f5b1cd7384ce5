import { HOP_PREFIX, isJsonObject, type JsonObject } from '@smcp/protocol';
import { expect } from 'vitest';
import { VENDOR } from '../server/texts.ts';
import { textOf, type Feature } from './feature.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const META = {
  'example.com/tag': { colour: 'blue' },
  traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
  tracestate: 'vendor=t61',
  baggage: 'user=7',
};

/** What nobody on the way has to understand. */
export const PASSING_ON: readonly Feature[] = [
  {
    name: '_meta: custom keys',
    show: async ({ client, named }) => {
      const result = await client.callTool(named('reflect_meta'), {}, { meta: META });
      const arrived = JSON.parse(String(textOf(result))) as JsonObject;
      expect(arrived['example.com/tag']).toEqual({ colour: 'blue' });
      expect(Object.keys(arrived).filter((key) => key.startsWith(HOP_PREFIX))).toEqual([]);
      expect(result['_meta']).toMatchObject({ 'example.com/back': 'green' });
    },
  },
  {
    name: '_meta: trace context',
    show: async ({ client, named }) => {
      const result = await client.callTool(named('reflect_meta'), {}, { meta: META });
      const { traceparent, tracestate, baggage } = JSON.parse(String(textOf(result))) as JsonObject;
      expect(traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
      expect({ tracestate, baggage }).toEqual({ tracestate: 'vendor=t61', baggage: 'user=7' });
    },
  },
  {
    name: 'unknown fields of results',
    show: async ({ client, named }) => {
      await client.callTool(named('vendor'));
      const results = client.received.map(({ result }) => result).filter(isJsonObject);
      const sold = results.find((result) => textOf(result) === 'sold');
      expect(sold).toMatchObject({
        'x-vendor': VENDOR,
        content: [{ type: 'text', text: 'sold', _meta: { 'example.com/block': VENDOR } }],
      });
    },
  },
  {
    name: 'unknown fields of definitions',
    show: async ({ client, named }) => {
      const tools = await client.listTools();
      expect(tools.find(({ name }) => name === named('vendor'))?.['_meta']).toMatchObject({
        'example.com/cost': 3,
      });
    },
  },
];
