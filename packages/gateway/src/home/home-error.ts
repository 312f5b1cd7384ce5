export type HomeErrorCode = 'HOME_INSECURE' | 'HOME_UNUSABLE' | 'HOME_KEY_INVALID' | 'HOME_KEY_MISSING';

export class HomeError extends Error {
  override readonly name = 'HomeError';
  readonly code: HomeErrorCode;
  /** What the operator can do about it; a command where there is one. */
  readonly remedy: string;

  constructor(code: HomeErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(`${message}; ${remedy}`, options);
    this.code = code;
    this.remedy = remedy;
  }
}
