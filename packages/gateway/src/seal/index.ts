export { createSealer, type SealerOptions } from './create-sealer.ts';
export {
  MAX_PAYLOAD_BYTES,
  MAX_SEALED_CHARS,
  type Sealer,
  type SealFault,
  type SealOwner,
  type SealPurpose,
} from './sealer.ts';
