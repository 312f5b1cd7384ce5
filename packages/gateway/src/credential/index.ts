export { callerCredentialHeader, isCallerCredential } from './caller-credential.ts';
export { injectCredential, type Injection, type InjectionResult } from './injection.ts';
export { createVault, type Vault } from './vault.ts';
