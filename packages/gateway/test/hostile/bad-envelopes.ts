import { META, RPC_ERRORS } from '@smcp/protocol';
import type { BadRequest, Refusal, RequestParts } from './bad-request.ts';
import { described, ENVELOPE, MODERN_VERSION, type Described } from './modern-request.ts';
import { notJsonRpc } from './refusals.ts';

const ECHO = { name: 'echo', arguments: { message: 'x' } };
const LEVELS = 'debug, info, notice, warning, error, critical, alert, emergency';

function wrongParams(message: string, data?: unknown): Refusal {
  return { status: 400, rpcCode: RPC_ERRORS.invalidParams, id: 1, message, data };
}

function envelopes(
  entries: readonly (readonly [name: string, meta: unknown, message: string, missing?: readonly string[]])[],
): readonly BadRequest[] {
  return entries.map(([name, meta, message, missing]) => ({
    name: `modern: envelope with ${name}`,
    threat: name.includes('token') ? 'A81' : 'A72',
    request: described('tools/call', ECHO, { meta }),
    expect: wrongParams(message, missing === undefined ? undefined : { missing }),
  }));
}

function disagreements(
  header: string,
  request: (more: Described) => RequestParts,
  values: Readonly<Record<string, readonly [value: string | readonly string[] | null, fault: string]>>,
): readonly BadRequest[] {
  return Object.entries(values).map(([name, [value, fault]]) => ({
    name: `${header}: ${name}`,
    threat: 'A75',
    request: request({ headers: { [header.toLowerCase()]: value } }),
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.headerMismatch,
      id: 1,
      message: `Header ${header} ${fault}`,
    },
  }));
}

function versions(...values: readonly string[]): readonly BadRequest[] {
  return values.map((version) => ({
    name: `version ${JSON.stringify(version)} in header and body`,
    threat: 'A82',
    request: described('tools/call', ECHO, {
      meta: { ...ENVELOPE, [META.protocolVersion]: version },
      headers: { 'mcp-protocol-version': version },
    }),
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.unsupportedVersion,
      id: 1,
      message: `Unsupported protocol version; supported: ${MODERN_VERSION}`,
      data: { supported: [MODERN_VERSION], requested: version },
    },
  }));
}

const MISSING = 'is missing';
const TWICE = 'came more than once';
const DIFFERS = 'differs from the body';
const UNREADABLE = 'cannot be decoded';

/** Requests that describe themselves, wrongly: in `_meta`, in headers, or in both. */
export const badEnvelopes: readonly BadRequest[] = [
  ...envelopes([
    ['none', null, 'Parameter "_meta" is missing', ['_meta']],
    ['a list', [], 'Parameter "_meta" must be an object'],
    [
      'empty',
      {},
      `Parameter "_meta" lacks ${META.protocolVersion} and ${META.clientCapabilities}`,
      [META.protocolVersion, META.clientCapabilities],
    ],
    [
      'no version',
      { [META.clientCapabilities]: {} },
      `Parameter "_meta" lacks ${META.protocolVersion}`,
      [META.protocolVersion],
    ],
    [
      'no capabilities',
      { [META.protocolVersion]: MODERN_VERSION },
      `Parameter "_meta" lacks ${META.clientCapabilities}`,
      [META.clientCapabilities],
    ],
    [
      'a version that is a list',
      { ...ENVELOPE, [META.protocolVersion]: [MODERN_VERSION] },
      `Member "${META.protocolVersion}" of "_meta" must be a string`,
    ],
    [
      'capabilities in a list',
      { ...ENVELOPE, [META.clientCapabilities]: [] },
      `Member "${META.clientCapabilities}" of "_meta" must be an object of objects`,
    ],
    [
      'a capability that is a truth',
      { ...ENVELOPE, [META.clientCapabilities]: { elicitation: true } },
      `Member "${META.clientCapabilities}" of "_meta" must be an object of objects`,
    ],
    [
      'a log level that is none',
      { ...ENVELOPE, [META.logLevel]: 'trace' },
      `Member "${META.logLevel}" of "_meta" must be one of ${LEVELS}`,
    ],
    [
      'a progress token of one and a half',
      { ...ENVELOPE, progressToken: 1.5 },
      'Parameter "_meta.progressToken" must be a string or an integer',
    ],
  ]),
  ...versions('2026-07-29', '2025-11-25', '9999-12-31', 'latest', ''),
  ...disagreements('MCP-Protocol-Version', (more) => described('tools/call', ECHO, more), {
    none: [null, MISSING],
    'that of sessions': ['2025-11-25', DIFFERS],
    'another date': ['2026-07-29', DIFFERS],
    'twice the same': [[MODERN_VERSION, MODERN_VERSION], TWICE],
    'two in one': [`${MODERN_VERSION}, ${MODERN_VERSION}`, DIFFERS],
  }),
  {
    name: 'a request that describes itself, in a session with its version',
    threat: 'A75',
    request: described('tools/call', ECHO, {
      headers: { 'mcp-session-id': '{{session}}', 'mcp-protocol-version': '2025-11-25' },
    }),
    expect: {
      status: 400,
      rpcCode: RPC_ERRORS.headerMismatch,
      id: 1,
      message: `Header MCP-Protocol-Version ${DIFFERS}`,
    },
  },
  ...disagreements('Mcp-Method', (more) => described('tools/call', ECHO, more), {
    none: [null, MISSING],
    'a harmless one': ['tools/list', DIFFERS],
    'in another case': ['Tools/Call', DIFFERS],
    'twice the same': [['tools/call', 'tools/call'], TWICE],
    'a harmless one beside it': [['tools/list', 'tools/call'], TWICE],
    'two in one': ['tools/call, tools/list', DIFFERS],
    encoded: ['=?base64?dG9vbHMvY2FsbA==?=', DIFFERS],
  }),
  ...disagreements('Mcp-Name', (more) => described('tools/call', ECHO, more), {
    none: [null, MISSING],
    nothing: ['', DIFFERS],
    'another tool': ['get-sum', DIFFERS],
    'in another case': ['Echo', DIFFERS],
    'twice the same': [['echo', 'echo'], TWICE],
    'two in one': ['echo, get-sum', DIFFERS],
    'another tool, encoded': ['=?base64?Z2V0LXN1bQ==?=', DIFFERS],
    'encoded in what is no base64': ['=?base64?e*ho?=', UNREADABLE],
    'encoded without padding': ['=?base64?ZWNobw?=', UNREADABLE],
    'encoded in what is no UTF-8': ['=?base64?/w==?=', UNREADABLE],
  }),
  ...disagreements('Mcp-Name', (more) => described('tools/call', { ...ECHO, name: 'get-env' }, more), {
    'an allowed tool before a denied one': ['echo', DIFFERS],
  }),
  ...disagreements('Mcp-Name', (more) => described('prompts/get', { name: 'args-prompt' }, more), {
    'an allowed prompt before a denied one': ['simple-prompt', DIFFERS],
  }),
  ...disagreements(
    'Mcp-Name',
    (more) => described('resources/read', { uri: 'demo://resource/dynamic/blob/1' }, more),
    { 'an allowed resource before a denied one': ['demo://resource/dynamic/text/1', DIFFERS] },
  ),
  {
    name: 'a batch of requests that describe themselves',
    threat: 'A71',
    request: {
      ...described('tools/call', ECHO),
      body: `[${String(described('tools/call', ECHO).body)},${String(described('tools/call', { ...ECHO, name: 'get-env' }).body)}]`,
    },
    expect: notJsonRpc('Batches are not accepted, send one message at a time'),
  },
];
