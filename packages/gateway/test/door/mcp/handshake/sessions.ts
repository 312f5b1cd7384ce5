import type { JsonObject } from '@smcp/protocol';
import type { Principal } from '@smcp/policy';
import type { EventSink } from '../../../../src/door/http/event-sink.ts';
import { McpSession, type McpSessionOptions } from '../../../../src/door/mcp/handshake/mcp-session.ts';
import type { MayHear } from '../../../../src/door/mcp/hearing/attachments.ts';
import type { Upstream, UpstreamListener } from '../../../../src/upstream/index.ts';

export const ALICE: Principal = { id: 'key:alice', kind: 'key', tenant: 'default', roles: [] };
export const BOB: Principal = { ...ALICE, id: 'key:bob' };

export function makeSession(
  mayHear: MayHear = () => true,
  more: Partial<McpSessionOptions> = {},
): McpSession {
  return new McpSession({
    id: 'ses-1',
    endpoint: '/mcp',
    protocolVersion: '2025-11-25',
    askable: {},
    principal: ALICE,
    now: 0,
    mayHear,
    ...more,
  });
}

export interface FakeUpstream extends Upstream {
  readonly listeners: Set<UpstreamListener>;
  /** What it was asked, as `method argument`. */
  readonly asked: string[];
  say(method: string, params: JsonObject): void;
}

/** An upstream that remembers who listens and what was asked of it. */
export function fakeUpstream(server = 'files', state: Upstream['state'] = 'ready'): FakeUpstream {
  const listeners = new Set<UpstreamListener>();
  const asked: string[] = [];
  const unused = async (): Promise<never> => {
    throw new Error('Sessions do not call');
  };
  return {
    listeners,
    asked,
    say: (method, params) => {
      for (const listener of listeners) listener.notification(method, params);
    },
    server,
    state,
    describe: unused,
    request: unused,
    attach: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setLogLevel: async (_listener, level) => {
      asked.push(`level ${level}`);
    },
    subscribe: async (_listener, uri) => {
      asked.push(`subscribe ${uri}`);
    },
    unsubscribe: async (_listener, uri) => {
      asked.push(`unsubscribe ${uri}`);
    },
    followTask: async (_listener, taskId) => {
      asked.push(`task ${taskId}`);
    },
    unfollowTask: unused,
    rootsChanged: (asker) => {
      asked.push(`roots ${JSON.stringify(asker)}`);
    },
    health: () => ({ server, state, inFlight: 0, starts: 1, diagnosis: '' }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A stream that keeps what it is given, until `broken`. */
export function fakeSink(): EventSink & { readonly got: unknown[]; broken: boolean; ended: boolean } {
  const sink = {
    got: [] as unknown[],
    broken: false,
    ended: false,
    send: (text: string) => {
      if (!sink.broken) sink.got.push(JSON.parse(text));
      return !sink.broken;
    },
    end: () => {
      sink.ended = true;
    },
  };
  return sink as unknown as ReturnType<typeof fakeSink>;
}
