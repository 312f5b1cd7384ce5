import { createCipheriv, createDecipheriv, createHmac, hkdfSync, type KeyObject } from 'node:crypto';
import { isJsonObject, type JsonObject } from '@smcp/protocol';
import {
  MAX_PAYLOAD_BYTES,
  MAX_SEALED_CHARS,
  type Sealer,
  type SealFault,
  type SealOwner,
  type SealPurpose,
} from './sealer.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names the layout below; another layout gets another number. */
const VERSION = 1;
const HEAD_BYTES = 1 + NONCE_BYTES;

export interface SealerOptions {
  /** 256 bits, the same in all gateways that are to open each other's texts. */
  readonly key: KeyObject;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable bytes. */
  readonly random: (size: number) => Uint8Array;
}

/** What is inside: `p` principal, `t` tenant, `x` moment at which it expires or null, `d` the payload. */
interface Content {
  readonly p: string;
  readonly t: string;
  readonly x: number | null;
  readonly d: JsonObject;
}

/**
 * Makes a `Sealer` of AES-256-GCM: a version byte, a nonce of 96 bits, the encrypted content, a tag of 128 bits. Purpose and version are authenticated with it.
 *
 * The nonce of a state is random, which one key bears 2^32 times. That of a task is an HMAC of all that is sealed, so that equal tasks look equal.
 *
 * @throws {RangeError} When the key has not 256 bits.
 */
export function createSealer({ key, now, random }: SealerOptions): Sealer {
  if (key.symmetricKeySize !== KEY_BYTES) {
    throw new RangeError(`Key has ${key.symmetricKeySize ?? 0} bytes, not ${KEY_BYTES}`);
  }
  const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', label, KEY_BYTES));
  const encryption = derive('smcp/seal/encryption/v1');
  const nonces = derive('smcp/seal/task-nonce/v1');

  return {
    seal: (purpose, payload, { principal, tenant, ttlMs }) => {
      if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) {
        throw new RangeError(`Payload has more than ${MAX_PAYLOAD_BYTES} bytes`);
      }
      const content: Content = {
        p: principal,
        t: tenant,
        x: ttlMs === undefined ? null : now() + ttlMs,
        d: payload,
      };
      const plain = Buffer.from(JSON.stringify(content));
      const nonce =
        purpose === 'task'
          ? createHmac('sha256', nonces).update(plain).digest().subarray(0, NONCE_BYTES)
          : random(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, encryption, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(purpose));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open: (purpose, text, owner) => {
      const content = ifContent(purpose, text, encryption);
      return content === undefined ? 'malformed' : judge(content, owner, now());
    },
  };
}

function associated(purpose: SealPurpose): Buffer {
  return Buffer.from(`smcp/seal/v${VERSION}/${purpose}`);
}

function ifContent(purpose: SealPurpose, text: string, key: Uint8Array): Content | undefined {
  if (text.length > MAX_SEALED_CHARS) {
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64url');
  // Node passes over what is no base64url; one text for one value leaves nothing to play with.
  if (
    bytes.byteLength <= HEAD_BYTES + TAG_BYTES ||
    bytes[0] !== VERSION ||
    bytes.toString('base64url') !== text
  ) {
    return undefined;
  }
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, HEAD_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associated(purpose));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    const value: unknown = JSON.parse(plain.toString('utf8'));
    return isContent(value) ? value : undefined;
  } catch {
    // It was changed, or sealed with another key or for another purpose.
    return undefined;
  }
}

function judge({ p, t, x, d }: Content, owner: SealOwner, now: number): JsonObject | SealFault {
  if (p !== owner.principal || t !== owner.tenant) {
    return 'foreign';
  }
  return x !== null && now >= x ? 'expired' : d;
}

function isContent(value: unknown): value is JsonObject & Content {
  return (
    isJsonObject(value) &&
    typeof value['p'] === 'string' &&
    typeof value['t'] === 'string' &&
    (value['x'] === null || typeof value['x'] === 'number') &&
    isJsonObject(value['d'])
  );
}
