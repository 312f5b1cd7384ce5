import { describe, expect, it } from 'vitest';
import { RPC_ERRORS } from '@smcp/protocol';
import { readEnvelope, versionFault } from '../../../../src/door/mcp/modern/envelope.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const LEVEL = 'io.modelcontextprotocol/logLevel';
const GOOD = { [VERSION]: '2026-07-28', [CAPABILITIES]: {} };

describe('readEnvelope()', () => {
  it.each([
    ['the least that there may be', GOOD, { version: '2026-07-28', capabilities: {}, logLevel: undefined }],
    [
      'everything',
      {
        ...GOOD,
        [CAPABILITIES]: { elicitation: {}, extensions: { x: {} }, unknown: 1 },
        [LEVEL]: 'warning',
        progressToken: 'p',
        other: [],
      },
      {
        version: '2026-07-28',
        capabilities: { elicitation: {}, extensions: { x: {} }, unknown: 1 },
        logLevel: 'warning',
      },
    ],
    [
      'a version that nobody speaks, which is another matter',
      { ...GOOD, [VERSION]: 'v999' },
      { version: 'v999', capabilities: {}, logLevel: undefined },
    ],
  ])('takes %s', (_name, _meta, envelope) => {
    expect(readEnvelope({ _meta })).toEqual({ ok: true, envelope });
  });

  it.each([
    ['no parameters', undefined, ['_meta']],
    ['no _meta', {}, ['_meta']],
    ['an empty _meta', { _meta: {} }, [VERSION, CAPABILITIES]],
    ['no version', { _meta: { [CAPABILITIES]: {} } }, [VERSION]],
    ['no capabilities', { _meta: { [VERSION]: '2026-07-28' } }, [CAPABILITIES]],
  ])('refuses %s, and names what is missing', (_name, params, missing) => {
    expect(readEnvelope(params)).toMatchObject({
      ok: false,
      fault: { status: 400, code: RPC_ERRORS.invalidParams, data: { missing } },
    });
  });

  it.each([
    ['a _meta that is a list', []],
    ['a _meta that is a text', 'x'],
    ['a _meta of null', null],
    ['a version that is a number', { ...GOOD, [VERSION]: 20260728 }],
    ['capabilities that are true', { ...GOOD, [CAPABILITIES]: true }],
    ['capabilities in a list', { ...GOOD, [CAPABILITIES]: [] }],
    ['elicitation that is true', { ...GOOD, [CAPABILITIES]: { elicitation: true } }],
    ['sampling of null', { ...GOOD, [CAPABILITIES]: { sampling: null } }],
    ['extensions in a list', { ...GOOD, [CAPABILITIES]: { extensions: [] } }],
    ['a level that nobody knows', { ...GOOD, [LEVEL]: 'loud' }],
    ['a level that is a number', { ...GOOD, [LEVEL]: 1 }],
    ['a token that is half', { ...GOOD, progressToken: 1.5 }],
    ['a token that is an object', { ...GOOD, progressToken: {} }],
  ])('refuses %s', (_name, _meta) => {
    expect(readEnvelope({ _meta })).toMatchObject({
      ok: false,
      fault: { status: 400, code: RPC_ERRORS.invalidParams },
    });
  });
});

describe('versionFault()', () => {
  const of = (version: string) => versionFault({ version, capabilities: {}, logLevel: undefined });

  it('finds nothing wrong with a version that we speak', () => {
    expect(of('2026-07-28')).toBeUndefined();
  });

  it.each(['2025-11-25', '2026-07-27', '2026-07-28 ', 'v999', ''])(
    'says of %j which ones there are, and repeats it',
    (version) => {
      expect(of(version)).toMatchObject({
        status: 400,
        code: RPC_ERRORS.unsupportedVersion,
        data: { supported: ['2026-07-28'], requested: version },
      });
    },
  );
});
