import type { ConfigPath } from './config-node.ts';

type Shape = readonly (string | typeof ANY)[];
const ANY = Symbol('any step');

const CREDENTIALS: readonly Shape[] = [
  ['api_keys', ANY, 'key'],
  ['agents', ANY, 'token'],
  ['servers', ANY, 'credentials', 'headers', ANY],
  ['servers', ANY, 'credentials', 'env', ANY],
  ['telemetry', 'otlp_headers', ANY],
];

const ENVIRONMENT: Shape = ['servers', ANY, 'env', ANY];
const SECRET_NAME = /token|secret|key|pass|credential|auth|cookie/i;

/** Fields that often hold a secret although that is not their purpose. */
const PRIVATE: readonly Shape[] = [
  ENVIRONMENT,
  ['servers', ANY, 'args', ANY],
  ['servers', ANY, 'command'],
  ['servers', ANY, 'url'],
  ['public_url'],
  ['telemetry', 'otlp_endpoint'],
];

/** True for a field whose value is a credential: log redaction learns it. */
export function isCredentialPath(path: ConfigPath): boolean {
  if (CREDENTIALS.some((shape) => fits(path, shape))) return true;
  return fits(path, ENVIRONMENT) && SECRET_NAME.test(String(path.at(-1)));
}

/** True for a field whose value no message may show. */
export function isPrivatePath(path: ConfigPath): boolean {
  return [...CREDENTIALS, ...PRIVATE].some((shape) => fits(path, shape));
}

function fits(path: ConfigPath, shape: Shape): boolean {
  return path.length === shape.length && shape.every((step, index) => step === ANY || step === path[index]);
}
