/** One script session, for those who look after them. */
export interface SessionInfo {
  readonly name: string;
  readonly tenant: string;
  /** Id of the principal whose it is; nobody else reaches it. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When it ends at the latest, and when unless it is used. */
  readonly expiresAt: number;
  readonly idleExpiresAt: number;
  readonly executions: number;
  readonly running: boolean;
}
