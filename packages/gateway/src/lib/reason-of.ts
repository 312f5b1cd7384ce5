/** What a caught value says of itself, for logs and messages. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
