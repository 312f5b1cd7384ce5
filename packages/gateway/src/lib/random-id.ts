import { randomFillSync } from 'node:crypto';

const ID_BYTES = 12;
const POOL_BYTES = 1024 * ID_BYTES;

/** Makes ids of 96 random bits behind a readable prefix. Random bytes are drawn for many ids at a time, which costs a fraction of drawing them singly. */
export function createIds(prefix: string): () => string {
  const pool = Buffer.allocUnsafe(POOL_BYTES);
  let at = POOL_BYTES;
  return () => {
    if (at === POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    const id = prefix + pool.toString('base64url', at, at + ID_BYTES);
    at += ID_BYTES;
    return id;
  };
}
