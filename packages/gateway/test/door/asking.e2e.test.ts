import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFixture, type GatewayFixture } from '../helpers/gateway-fixture.ts';
import { Listening } from '../helpers/modern-client.ts';

const KEY = 'smcp_key_0123456789012345678901234567890123456789012';
const OTHER = 'smcp_key_abcdefghijabcdefghijabcdefghijabcdefghijabc';
const PROGRAM = fileURLToPath(new URL('../eras/server/program.ts', import.meta.url));

let fixture: GatewayFixture;

beforeAll(async () => {
  fixture = await startFixture({
    servers: { it: { command: process.execPath, args: [PROGRAM, 'handshake', 'stdio'], scope: 'session' } },
    api_keys: [
      { name: 'alice', key: KEY, role: 'eng' },
      { name: 'bob', key: OTHER, role: 'eng' },
    ],
    roles: { eng: { allow: ['it:*'] } },
  });
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

interface Question {
  readonly id: string;
  readonly method: string;
}

/** One client in a session of its own, that says what it likes. */
class Session {
  readonly #headers: Record<string, string>;

  private constructor(headers: Record<string, string>) {
    this.#headers = headers;
  }

  static async open(key: string, capabilities: object, version = '2025-11-25'): Promise<Session> {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const session = new Session(headers);
    const clientInfo = { name: 'raw', version: '1' };
    const params = { protocolVersion: version, capabilities, clientInfo };
    const answer = await session.post({ id: 0, method: 'initialize', params });
    return new Session({ ...headers, 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '' });
  }

  async post(message: object): Promise<Response> {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    return await fetch(`${fixture.gateway.url}/mcp/it`, { method: 'POST', headers: this.#headers, body });
  }

  /** Calls a tool that asks, and gives its stream and the first question on it. */
  async callAsking(name: string): Promise<{ stream: Listening; question: Question }> {
    const answer = await this.post({ id: 1, method: 'tools/call', params: { name, arguments: {} } });
    const stream = new Listening(answer, new AbortController());
    await vi.waitUntil(() => stream.messages.length > 0);
    return { stream, question: stream.messages[0] as unknown as Question };
  }

  async respond(id: unknown, result: object): Promise<number> {
    return (await this.post({ id, result })).status;
  }
}

const FORMS = { elicitation: {} };
const ADA = { action: 'accept', content: { name: 'Ada' } };

describe('a question in the middle of a call', () => {
  it('comes on the stream of the call, and its answer goes to the server', async () => {
    const session = await Session.open(KEY, FORMS);
    const { stream, question } = await session.callAsking('ask_name');
    expect(question).toMatchObject({ method: 'elicitation/create' });
    expect(question.id).toMatch(/^ask-[\w-]{22}$/);
    expect(await session.respond(question.id, ADA)).toBe(202);
    await stream.ended;
    expect(JSON.stringify(stream.messages.at(-1))).toContain('Ada');
  });

  it('is answered by nobody but its session (A51, A81)', async () => {
    const session = await Session.open(KEY, FORMS);
    const { stream, question } = await session.callAsking('ask_name');
    const evil = { action: 'accept', content: { name: 'Mallory' } };
    const others = [await Session.open(KEY, FORMS), await Session.open(OTHER, FORMS)];
    for (const other of others) expect(await other.respond(question.id, evil)).toBe(202);
    expect(await session.respond('ask-0000000000000000000000', evil)).toBe(202);
    expect(stream.messages).toHaveLength(1);
    await session.respond(question.id, ADA);
    await stream.ended;
    expect(JSON.stringify(stream.messages)).not.toContain('Mallory');
    expect(fixture.log()).toContain('response to no open question');
  });

  it('is answered once: what comes later is dropped (A80)', async () => {
    const session = await Session.open(KEY, FORMS);
    const { stream, question } = await session.callAsking('ask_name');
    await session.respond(question.id, ADA);
    await stream.ended;
    expect(await session.respond(question.id, { action: 'decline' })).toBe(202);
    const again = await session.callAsking('ask_name');
    expect(again.question.id).not.toBe(question.id);
    await session.respond(again.question.id, ADA);
    await again.stream.ended;
  });

  it.each([
    ['that declared nothing', {}, '2025-11-25'],
    ['of a version without such questions', FORMS, '2025-03-26'],
  ])('is not put to a client %s', async (_name, capabilities, version) => {
    const session = await Session.open(KEY, capabilities, version);
    const params = { name: 'ask_name', arguments: {} };
    const answer = await session.post({ id: 1, method: 'tools/call', params });
    expect(await answer.text()).not.toContain('elicitation/create"');
  });
});
