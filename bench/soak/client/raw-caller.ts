import { ifMessageInEvents } from '../../load/event-data.ts';
import { CallFailed, kindOf, PATIENCE_MS, TOOL_ERROR, type Address, type Caller } from './caller.ts';

const VERSION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientInfo': { name: 'soak-raw', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Answer {
  readonly error?: { readonly code: number };
  readonly result?: { readonly isError?: boolean };
}

/** A client of MCP 2026-07-28 that has no session and needs no opening. */
export async function openRawCaller({ url, key }: Address): Promise<Caller> {
  const gone = new AbortController();
  let nextId = 1;
  const leave = async (): Promise<void> => {
    gone.abort();
    await Promise.resolve();
  };
  const exchange = async (name: string, args: object): Promise<Answer> => {
    const id = nextId++;
    const params = { name, arguments: args, _meta: META };
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': VERSION,
        'mcp-method': 'tools/call',
        'mcp-name': name,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const said = await response.text();
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const message = isStream ? ifMessageInEvents(said, id) : said;
    if (message === undefined || message === '') {
      throw new CallFailed(`HTTP ${response.status} without an answer`);
    }
    return JSON.parse(message) as Answer;
  };
  return await Promise.resolve({
    call: async (name, args) => {
      const answer = await exchange(name, args).catch((error: unknown) => {
        throw error instanceof CallFailed ? error : new CallFailed(kindOf(error), { cause: error });
      });
      if (answer.error !== undefined) {
        throw new CallFailed(`${answer.error.code}`);
      }
      if (answer.result === undefined || answer.result.isError === true) {
        throw new CallFailed(TOOL_ERROR);
      }
    },
    vanish: leave,
    end: leave,
  });
}
