import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { CheckpointEntry } from './audit-log.ts';
import { sha256Hex, type ChainPosition } from './record.ts';

const KEY_ID_LENGTH = 16;

/** Short name of an Ed25519 public key: the first 16 hexadecimal digits of the SHA-256 of its SPKI form. */
function keyId(publicKey: KeyObject): string {
  return sha256Hex(publicKey.export({ format: 'der', type: 'spki' })).slice(0, KEY_ID_LENGTH);
}

/** Returns a function that signs where a chain stands. */
export function createCheckpointSigner(
  writer: string,
  signingKey: KeyObject,
): (position: ChainPosition, time: string) => CheckpointEntry {
  const key = keyId(createPublicKey(signingKey));
  return (position, time) => {
    const statement = { writer, sequence: position.seq, hash: position.hash, time };
    return {
      time,
      type: 'checkpoint',
      writer,
      sequence: position.seq,
      hash: position.hash,
      key,
      signature: sign(null, signedBytes(statement), signingKey).toString('base64url'),
    };
  };
}

/** Does not check that the signed position is the right one: compare it with the chain. */
export function checkSignature(entry: CheckpointEntry, publicKey: KeyObject): 'ok' | 'foreign' | 'bad' {
  if (entry.key !== keyId(publicKey)) return 'foreign';
  return verify(null, signedBytes(entry), publicKey, Buffer.from(entry.signature, 'base64url'))
    ? 'ok'
    : 'bad';
}

function signedBytes(statement: Pick<CheckpointEntry, 'writer' | 'sequence' | 'hash' | 'time'>): Uint8Array {
  // JSON of an array: no field can be mistaken for a part of its neighbour.
  const { writer, sequence, hash, time } = statement;
  return Buffer.from(JSON.stringify(['smcp/audit/checkpoint/v1', writer, sequence, hash, time]), 'utf8');
}
