import { canonicalDigest } from '../preview/canonical-digest.ts';
import type { ScriptRequest } from './script-request.ts';

/** `sha256:` and hexadecimal digits over everything that makes a script what it is: where, by what name and for what servers it runs what. */
export function scriptDigest(tenant: string, script: ScriptRequest): string {
  return canonicalDigest('smcp saved script', {
    tenant,
    name: script.name,
    description: script.description,
    language: script.language,
    code: script.code,
    input: script.inputSchema,
    output: script.outputSchema ?? null,
    servers: script.servers,
  });
}
