export { createFetchDocument, type FetchDocument } from './fetch-document.ts';
export { JwtLogins, type JwtIssuers } from './jwt-logins.ts';
