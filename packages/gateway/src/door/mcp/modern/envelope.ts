import {
  isJsonObject,
  isModernVersion,
  META,
  MODERN_VERSIONS,
  RPC_ERRORS,
  type JsonObject,
  type JsonValue,
} from '@smcp/protocol';
import { isLogLevel, LOG_LEVELS, type LogLevel } from '../../../upstream/index.ts';
import type { RequestFault } from './fault.ts';

/** What a request says of itself in `_meta`. */
export interface Envelope {
  /** Not yet known to be one that we speak. */
  readonly version: string;
  readonly capabilities: JsonObject;
  /** Absent: no log messages are wanted. */
  readonly logLevel: LogLevel | undefined;
}

export type EnvelopeResult =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly fault: RequestFault };

const REQUIRED = [META.protocolVersion, META.clientCapabilities] as const;
const CAPABILITIES = ['elicitation', 'sampling', 'roots', 'extensions', 'experimental'] as const;

/** Reads the members of `_meta` that every request of MCP 2026-07-28 has, or may have. Members that are not known are nobody's business here. */
export function readEnvelope(params: JsonObject | undefined): EnvelopeResult {
  const meta = params?.['_meta'];
  if (meta === undefined) {
    return wrong('Parameter "_meta" is missing', { missing: ['_meta'] });
  }
  if (!isJsonObject(meta)) {
    return wrong('Parameter "_meta" must be an object');
  }
  const missing = REQUIRED.filter((key) => !Object.hasOwn(meta, key));
  if (missing.length > 0) {
    return wrong(`Parameter "_meta" lacks ${missing.join(' and ')}`, { missing });
  }
  const version = meta[META.protocolVersion];
  const capabilities = meta[META.clientCapabilities];
  const logLevel = meta[META.logLevel];
  if (typeof version !== 'string') {
    return wrong(`Member "${META.protocolVersion}" of "_meta" must be a string`);
  }
  if (!isJsonObject(capabilities) || !areObjects(capabilities)) {
    return wrong(`Member "${META.clientCapabilities}" of "_meta" must be an object of objects`);
  }
  if (logLevel !== undefined && !isLogLevel(logLevel)) {
    return wrong(`Member "${META.logLevel}" of "_meta" must be one of ${LOG_LEVELS.join(', ')}`);
  }
  if (!isProgressToken(meta['progressToken'])) {
    return wrong('Parameter "_meta.progressToken" must be a string or an integer');
  }
  return { ok: true, envelope: { version, capabilities, logLevel } };
}

/** What is wrong when we do not speak the version of a request. */
export function versionFault({ version }: Envelope): RequestFault | undefined {
  return isModernVersion(version)
    ? undefined
    : {
        status: 400,
        code: RPC_ERRORS.unsupportedVersion,
        message: `Unsupported protocol version; supported: ${MODERN_VERSIONS.join(', ')}`,
        data: { supported: [...MODERN_VERSIONS], requested: version },
      };
}

function areObjects(capabilities: JsonObject): boolean {
  return CAPABILITIES.every((name) => capabilities[name] === undefined || isJsonObject(capabilities[name]));
}

function isProgressToken(token: JsonValue | undefined): boolean {
  return token === undefined || typeof token === 'string' || Number.isSafeInteger(token);
}

function wrong(message: string, data?: JsonObject): EnvelopeResult {
  const fault = { status: 400, code: RPC_ERRORS.invalidParams, message };
  return { ok: false, fault: data === undefined ? fault : { ...fault, data } };
}
