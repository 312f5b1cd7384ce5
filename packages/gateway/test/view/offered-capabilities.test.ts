import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { handshakeCapabilities, offeredCapabilities } from '../../src/view/offered-capabilities.ts';

const TASKS = 'io.modelcontextprotocol/tasks';
const UI = 'io.modelcontextprotocol/ui';

function declares(capabilities: JsonObject, era: 'modern' | 'handshake' = 'modern') {
  return { era, capabilities };
}

describe('offeredCapabilities()', () => {
  it('takes together what servers of both eras offer', () => {
    const offered = offeredCapabilities([
      declares({ tools: {}, resources: {}, logging: {} }, 'handshake'),
      declares({ prompts: { listChanged: false }, resources: { subscribe: true }, completions: {} }),
    ]);
    expect(offered).toEqual({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      logging: {},
      completions: {},
    });
  });

  it('offers an extension that the gateway relays when any modern server has it', () => {
    const offered = offeredCapabilities([
      declares({ extensions: {} }),
      declares({ extensions: { [TASKS]: {}, [UI]: { a: 1 } } }),
      declares({ extensions: { [UI]: { a: 2 } } }),
    ]);
    expect(offered).toEqual({ extensions: { [TASKS]: {}, [UI]: { a: 1 } } });
  });

  it.each([
    [
      'one that may have methods of its own',
      declares({ extensions: { 'io.modelcontextprotocol/skills': {} } }),
    ],
    ['one of a server with a handshake', declares({ extensions: { [TASKS]: {} } }, 'handshake')],
    ['extensions of the wrong shape', declares({ extensions: [TASKS] })],
    [
      'one that only the prototype has',
      declares({ extensions: Object.create({ [TASKS]: {} }) as JsonObject }),
    ],
    ['what the era before had', declares({ tasks: {}, experimental: { x: {} } }, 'handshake')],
  ])('does not offer %s (A82)', (_name, server) => {
    expect(offeredCapabilities([server])).toEqual({});
  });
});

describe('handshakeCapabilities()', () => {
  it('leaves out what a client with a handshake does not know', () => {
    expect(handshakeCapabilities({ tools: {}, extensions: { [TASKS]: {} } })).toEqual({ tools: {} });
  });
});
