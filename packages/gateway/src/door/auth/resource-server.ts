import type { Principal } from '@smcp/policy';
import type { Config } from '../../config/schema.ts';
import { stepUpChallenge, type Challenge } from './challenge.ts';
import { ifMetadataPath, metadataUrl, resourceUri } from './resource-address.ts';

export interface ResourceServerOptions {
  /** Address of the gateway as clients reach it. Never made of what a request says. */
  readonly base: () => string;
  readonly config: () => Pick<Config, 'jwt_issuers'>;
}

/** RFC 9728 section 2, as far as it is used. */
export interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly resource_name: string;
}

/** The gateway as OAuth clients see it: a resource server whose tokens come from the configured issuers. */
export class ResourceServer {
  readonly #options: ResourceServerOptions;

  constructor(options: ResourceServerOptions) {
    this.#options = options;
  }

  /** Whether there is an issuer to send clients to. */
  get isOpen(): boolean {
    return Object.keys(this.#options.config().jwt_issuers).length > 0;
  }

  /**
   * The metadata at a path below `/.well-known/`; undefined when there is none. It is the same for every endpoint that could be, so it tells nobody which
   * servers exist; nor do its scopes, which are those that every token needs.
   */
  metadataAt(path: string): ResourceMetadata | undefined {
    const base = this.#options.base();
    const endpoint = ifMetadataPath(base, path);
    if (endpoint === undefined || !this.isOpen) return undefined;
    const issuers = Object.values(this.#options.config().jwt_issuers);
    const scopes = this.#scopes();
    return {
      resource: resourceUri(base, endpoint),
      authorization_servers: issuers.map(({ issuer }) => issuer),
      ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
      bearer_methods_supported: ['header'],
      resource_name: 'SMCP gateway',
    };
  }

  /** What a 401 for `path` tells beside the error; nothing while there are no issuers. */
  pointer(path: string): Pick<Challenge, 'scopes' | 'metadataUrl'> {
    if (!this.isOpen) return {};
    return { scopes: this.#scopes(), metadataUrl: metadataUrl(this.#options.base(), path) };
  }

  /** `WWW-Authenticate` of the 403 for a call that lacks scopes. */
  stepUp(path: string, principal: Pick<Principal, 'scopes'>, missing: readonly string[]): string {
    return stepUpChallenge(metadataUrl(this.#options.base(), path), principal.scopes ?? [], missing);
  }

  #scopes(): readonly string[] {
    const issuers = Object.values(this.#options.config().jwt_issuers);
    return [...new Set(issuers.flatMap(({ required_scopes }) => required_scopes))];
  }
}
