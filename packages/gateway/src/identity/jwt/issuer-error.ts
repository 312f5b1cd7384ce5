export type IssuerErrorCode =
  /** No connection, no answer in time, or an answer that is not a document. */
  | 'ISSUER_UNREACHABLE'
  /** It leads to an address that is not asked. */
  | 'ISSUER_ADDRESS_REFUSED'
  /** A document that came but cannot be used: too large, no JSON, another issuer, no keys. */
  | 'ISSUER_DOCUMENT_INVALID';

/** What an issuer publishes could not be had. Users without a key that is already known cannot log in. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
  readonly code: IssuerErrorCode;

  constructor(code: IssuerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
