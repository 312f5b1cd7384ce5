import { expect, it } from 'vitest';
import * as protocol from '@smcp/protocol';

it('@smcp/protocol exports exactly this', () => {
  expect(Object.keys(protocol).sort()).toEqual([
    'DELEGATION_HEADER',
    'DELEGATION_TYPE',
    'DelegationError',
    'JsonError',
    'RPC_ERRORS',
    'classifyMessage',
    'createDelegationLink',
    'generateDelegationKey',
    'isDelegationPublicKey',
    'isJsonObject',
    'joinDelegationChain',
    'readJson',
    'spliceRequest',
    'spliceResponseId',
    'verifyDelegationChain',
  ]);
});
