export { DELEGATION_HEADER, DELEGATION_TYPE, DelegationError } from './delegation.ts';
export type { DelegationClaims, DelegationCode, DelegationRefusal } from './delegation.ts';
export { generateDelegationKey, isDelegationPublicKey } from './delegation-key.ts';
export type { DelegationPrivateKey } from './delegation-key.ts';
export { createDelegationLink, joinDelegationChain } from './create-link.ts';
export type { CreateLinkOptions } from './create-link.ts';
export { verifyDelegationChain } from './verify-chain.ts';
export type { DelegationResult, VerifiedLink, VerifyChainOptions } from './verify-chain.ts';
