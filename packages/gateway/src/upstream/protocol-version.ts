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
