import { expect, it } from 'vitest';
import * as protocol from '@smcp/protocol';

it('@smcp/protocol exports exactly this', () => {
  expect(Object.keys(protocol).sort()).toEqual([
    'DELEGATION_HEADER',
    'DELEGATION_TYPE',
    'DelegationError',
    'HANDSHAKE_VERSIONS',
    'HOP_PREFIX',
    'INPUT_METHODS',
    'JsonError',
    'META',
    'MODERN_VERSIONS',
    'RPC_ERRORS',
    'TASKS_EXTENSION',
    'canonicalJson',
    'classifyMessage',
    'createDelegationLink',
    'generateDelegationKey',
    'ifHeaderValue',
    'isDelegationPublicKey',
    'isHandshakeVersion',
    'isInputMethod',
    'isJsonObject',
    'isModernVersion',
    'joinDelegationChain',
    'paramHeaderFault',
    'paramHeaders',
    'paramMarks',
    'readJson',
    'spliceRequest',
    'spliceResponseId',
    'spliceResult',
    'toHeaderValue',
    'verifyDelegationChain',
    'writeCanonical',
  ]);
});
