import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The reference server with every feature, as it comes from npm. */
export const EVERYTHING = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist/index.js',
);

/** The secret that the configuration below gives to its servers. */
export const SERVER_SECRET = 'correct-horse-battery-staple';

/** One server that works, one that breaks and says a secret while doing so, and one that wants the caller's own credential. */
export function sampleConfig(more = ''): string {
  const node = JSON.stringify(process.execPath);
  return `
listen: "127.0.0.1:0"
servers:
  everything:
    command: ${node}
    args: [${JSON.stringify(EVERYTHING)}]
    credentials: { env: { UPSTREAM_KEY: "${SERVER_SECRET}" } }
  broken:
    command: ${node}
    args: ["-e", "console.error('cannot use ${SERVER_SECRET}'); process.exit(3)"]
    credentials: { env: { UPSTREAM_KEY: "${SERVER_SECRET}" } }
  personal:
    command: ${node}
    args: [${JSON.stringify(EVERYTHING)}]
    credential_mode: passthrough
    scope: principal
    credentials: { passthrough: { env: PERSONAL_KEY } }
  off: { command: "nothing", enabled: false }
roles:
  developer: { allow: ["everything:*", "broken:*", "personal:*"], deny: ["everything:get-sum"] }
  reader: { allow: ["everything:echo"] }
api_keys:
  - { name: alice, key: "smcp_key_0123456789abcdefghij", role: reader }
${more}`;
}
