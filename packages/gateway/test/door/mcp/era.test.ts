import { describe, expect, it } from 'vitest';
import { classifyMessage } from '@smcp/protocol';
import { eraOf } from '../../../src/door/mcp/era.ts';
import { fakeRequest } from '../http/fake-request.ts';

type Header = readonly [string, string];

const VERSION = 'io.modelcontextprotocol/protocolVersion';

function era(message: object, headers: readonly Header[] = []): string {
  const classified = classifyMessage({ jsonrpc: '2.0', ...message });
  if (classified.kind === 'invalid') throw new Error(classified.reason);
  return eraOf(fakeRequest(...headers), classified);
}

const call = (meta?: object, method = 'tools/call'): object => ({
  id: 1,
  method,
  params: meta === undefined ? {} : { _meta: meta },
});
type Case = readonly [name: string, message: object, headers: readonly Header[]];

const MODERN: Header = ['MCP-Protocol-Version', '2026-07-28'];
const SESSION: Header = ['Mcp-Session-Id', 'ses-1'];

describe('eraOf()', () => {
  it.each<Case>([
    ['a request that names a modern version', call({ [VERSION]: '2026-07-28' }), []],
    ['one that names a version of a handshake in its body', call({ [VERSION]: '2025-11-25' }), []],
    ['one that names a version nobody knows', call({ [VERSION]: '2099-01-01' }), []],
    ['one whose version is no text', call({ [VERSION]: 7 }), []],
    ['one with a body of its own in a session', call({ [VERSION]: '2026-07-28' }), [SESSION]],
    ['one that says it in the header alone', call(), [MODERN]],
    ['one that says it in the header, in a session', call(), [MODERN, SESSION]],
    ['server/discover, whatever else it says', call(undefined, 'server/discover'), []],
    ['a handshake that describes itself', call({ [VERSION]: '2026-07-28' }, 'initialize'), []],
    ['a handshake with the modern header', call(undefined, 'initialize'), [MODERN]],
    ['a notification with the modern header', { method: 'notifications/cancelled' }, [MODERN]],
    [
      'a notification that describes itself',
      { method: 'x', params: { _meta: { [VERSION]: '2026-07-28' } } },
      [],
    ],
  ])('takes %s for modern', (_name, message, headers) => {
    expect(era(message, headers)).toBe('modern');
  });

  it.each<Case>([
    ['a handshake', call(undefined, 'initialize'), []],
    ['a handshake that repeats its version in _meta', call({ [VERSION]: '2025-11-25' }, 'initialize'), []],
    ['a request that says nothing', call(), []],
    ['one whose _meta says nothing of versions', call({ progressToken: 1 }), []],
    ['one with a version in the prototype alone', call({ ['__proto__']: { [VERSION]: '2026-07-28' } }), []],
    [
      'one that names a version of a handshake in the header',
      call(),
      [['MCP-Protocol-Version', '2025-11-25']],
    ],
    ['one that names two versions in the header', call(), [MODERN, ['mcp-protocol-version', '2025-11-25']]],
    ['a response, whatever its header says', { id: 1, result: {} }, [MODERN]],
    ['a notification of a session', { method: 'notifications/initialized' }, [SESSION]],
  ])('leaves %s to sessions', (_name, message, headers) => {
    expect(era(message, headers)).toBe('handshake');
  });
});
