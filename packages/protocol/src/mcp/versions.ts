/** Revisions of MCP whose every request describes itself, newest first. The first is what we offer. */
export const MODERN_VERSIONS = ['2026-07-28'] as const;

export type ModernVersion = (typeof MODERN_VERSIONS)[number];

export function isModernVersion(value: unknown): value is ModernVersion {
  return MODERN_VERSIONS.some((version) => version === value);
}

/** Revisions of MCP with a handshake, newest first. The first is what we offer. */
export const HANDSHAKE_VERSIONS = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
] as const;

export type HandshakeVersion = (typeof HANDSHAKE_VERSIONS)[number];

export function isHandshakeVersion(value: unknown): value is HandshakeVersion {
  return HANDSHAKE_VERSIONS.some((version) => version === value);
}

/** `modern` describes itself in every request (2026-07-28 and later); `handshake` agrees once in `initialize` (2025-11-25 and earlier). */
export type Era = 'modern' | 'handshake';
