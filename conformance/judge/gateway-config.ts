/** Where the gateway finds the fixture. */
export type FixtureAddress =
  | { readonly url: string }
  | { readonly command: string; readonly args: readonly string[] };

export interface GatewaySetting {
  readonly address: FixtureAddress;
  readonly key: string;
  /** Origin of the proxy in front: the suite checks that a page served there may call. */
  readonly origin: string;
  /** Whether the server may ask clients for samples too, by the key `may_ask`. */
  readonly mayAsk: boolean;
}

const MAY_ASK = ['elicitation', 'sampling', 'roots'] as const;

/** A gateway as an aggregator of one server under its own names, for a caller who may use everything. */
export function gatewayConfig({ address, key, origin, mayAsk }: GatewaySetting): unknown {
  return {
    listen: '127.0.0.1:0',
    naming: 'none',
    allowed_origins: [origin],
    servers: {
      everything: { ...address, scope: 'shared', ...(mayAsk ? { may_ask: MAY_ASK } : {}) },
    },
    roles: { everything: { allow: ['everything:*'] } },
    api_keys: [{ name: 'conformance', key, roles: ['everything'] }],
  };
}
