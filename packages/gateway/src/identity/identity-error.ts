export type IdentityErrorCode =
  /** Another key or agent, in the file or the store, has this name. */
  | 'IDENTITY_NAME_TAKEN'
  /** Two entries have the same token, so that nobody could tell whose it is. */
  | 'IDENTITY_TOKEN_REUSED'
  /** A name, role, date, key or bound has the wrong form. */
  | 'IDENTITY_INVALID';

/** What an operator asked for cannot be. Never says why a caller was refused: that is an `AuthResult`. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
