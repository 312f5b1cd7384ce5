import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError, loadConfig, type LoadedConfig } from '../../src/config/index.ts';
import { makeTempFolder } from './temp-folder.ts';

const ISSUER = 'https://login.example/realms/eng';
const roles = { eng: { allow: ['*:read_*'] }, admin: { allow: ['*:*'] } };

async function load(config: object): Promise<LoadedConfig> {
  await using folder = await makeTempFolder();
  const file = await folder.write('smcp.yaml', stringify({ roles, ...config }));
  return await loadConfig({ file, env: {}, git: async () => undefined });
}

const withIssuer = (change: object): object => ({
  jwt_issuers: { corp: { issuer: ISSUER, roles: { engineers: 'eng' }, ...change } },
});

/** Path, code and message of every problem. */
async function problemsOf(config: object): Promise<readonly string[]> {
  const error: unknown = await load(config).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ConfigError)) throw new Error('Expected a ConfigError');
  return error.problems.map(
    ({ path, code, message, hint }) => `${path} ${code}: ${message}${hint === undefined ? '' : `; ${hint}`}`,
  );
}

describe('loadConfig() of jwt_issuers', () => {
  it('has none by default', async () => {
    expect((await load({})).config.jwt_issuers).toEqual({});
  });

  it('fills in what is safe', async () => {
    const { config, warnings } = await load(withIssuer({}));
    expect(config.jwt_issuers).toEqual({
      corp: {
        issuer: ISSUER,
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        require_at_jwt: false,
        id_claim: 'sub',
        roles_claim: 'groups',
        roles: { engineers: 'eng' },
        required_scopes: [],
        clock_tolerance_seconds: 5,
        max_lifetime_seconds: 86_400,
      },
    });
    expect(warnings).toEqual([]);
  });

  it('looks up claims without inherited names', async () => {
    const { config } = await load(withIssuer({}));
    expect('constructor' in config.jwt_issuers).toBe(false);
    expect('constructor' in (config.jwt_issuers['corp']?.roles ?? {})).toBe(false);
  });

  it.each([
    ['http on this machine', { issuer: 'http://127.0.0.1:4000' }],
    ['http on localhost', { issuer: 'http://localhost:4000/realms/x' }],
    ['http on the loopback address of IPv6', { issuer: 'http://[::1]:4000' }],
    ['a slash at the end', { issuer: 'https://tenant.example/' }],
    ['a place for the keys with a query', { jwks_url: 'https://login.example/keys?p=policy' }],
    ['an issuer in the own network', { issuer: 'https://10.1.2.3' }],
    ['several audiences', { audience: ['api://smcp', 'client-7'] }],
    ['several roles', { roles: { leads: ['eng', 'admin'] } }],
    ['the bounds of numbers', { clock_tolerance_seconds: 0, max_lifetime_seconds: 2_592_000 }],
    ['every asymmetric algorithm', { algorithms: ['RS512', 'PS384', 'ES512', 'Ed25519'] }],
    ['scopes with signs', { required_scopes: ['https://x.example/.default', 'a:b', '!#$%&'] }],
  ])('accepts %s', async (_name, change) => {
    expect((await load(withIssuer(change))).warnings).toEqual([]);
  });

  it.each([['HS256'], ['HS512'], ['none'], ['None'], ['dir'], ['rs256'], ['']])(
    'knows no algorithm %j (A42)',
    async (algorithm) => {
      const [problem] = await problemsOf(withIssuer({ algorithms: [algorithm] }));
      expect(problem).toContain('jwt_issuers.corp.algorithms[0] wrong-value: Expected one of "RS256"');
    },
  );

  it.each([
    [
      'no algorithm at all',
      { algorithms: [] },
      'jwt_issuers.corp.algorithms wrong-value: Expected at least 1',
    ],
    ['no audience at all', { audience: [] }, 'jwt_issuers.corp.audience wrong-value: Expected at least 1'],
    [
      'an issuer that is no address',
      { issuer: 'corp' },
      'jwt_issuers.corp.issuer wrong-value: Expected an address',
    ],
    [
      'http elsewhere',
      { issuer: 'http://login.example' },
      'jwt_issuers.corp.issuer forbidden: Whoever is on the way',
    ],
    [
      'keys over http elsewhere',
      { jwks_url: 'http://login.example/keys' },
      'jwt_issuers.corp.jwks_url forbidden: Whoever is on the way',
    ],
    [
      'another scheme',
      { issuer: 'file:///etc/issuer' },
      'jwt_issuers.corp.issuer wrong-value: Expected an address',
    ],
    [
      'a user name',
      { issuer: 'https://me@login.example' },
      'jwt_issuers.corp.issuer forbidden: This address has no user name',
    ],
    [
      'a fragment',
      { issuer: 'https://login.example/#x' },
      'jwt_issuers.corp.issuer forbidden: This address has no user name',
    ],
    [
      'a query',
      { issuer: 'https://login.example/?x' },
      'jwt_issuers.corp.issuer forbidden: An issuer has no "?" part',
    ],
    [
      'a metadata service',
      { issuer: 'https://169.254.169.254/' },
      'jwt_issuers.corp.issuer forbidden: Link-local',
    ],
    [
      'keys of a metadata service',
      { jwks_url: 'https://metadata.google.internal/keys' },
      'jwt_issuers.corp.jwks_url forbidden: Link-local',
    ],
    [
      'the address of the metadata',
      { issuer: `${ISSUER}/.well-known/openid-configuration` },
      'jwt_issuers.corp.issuer wrong-value: Expected the issuer itself, found the address of its metadata; leave out',
    ],
    [
      'a role that does not exist',
      { roles: { engineers: 'engg' } },
      'jwt_issuers.corp.roles.engineers role-unknown: There is no role "engg"; did you mean "eng"?',
    ],
    [
      'such a role in a list',
      { roles: { leads: ['eng', 'boss'] } },
      'jwt_issuers.corp.roles.leads[1] role-unknown: There is no role "boss"',
    ],
    [
      'offline_access as required scope',
      { required_scopes: ['offline_access'] },
      'jwt_issuers.corp.required_scopes[0] wrong-value: Expected an OAuth scope',
    ],
    [
      'a scope with a blank',
      { required_scopes: ['a b'] },
      'jwt_issuers.corp.required_scopes[0] wrong-value: Expected an OAuth scope',
    ],
    [
      'a scope with a quote',
      { required_scopes: ['a"b'] },
      'jwt_issuers.corp.required_scopes[0] wrong-value: Expected an OAuth scope',
    ],
    [
      'a tolerance of over a minute',
      { clock_tolerance_seconds: 61 },
      'jwt_issuers.corp.clock_tolerance_seconds wrong-value: Expected at most 60',
    ],
    [
      'a lifetime of over thirty days',
      { max_lifetime_seconds: 2_592_001 },
      'jwt_issuers.corp.max_lifetime_seconds wrong-value: Expected at most',
    ],
    [
      'a misspelt key',
      { require_at_jtw: true },
      'jwt_issuers.corp.require_at_jtw unknown-key: Unknown key; did you mean "require_at_jwt"?',
    ],
  ])('refuses %s', async (_name, change, expected) => {
    expect(await problemsOf(withIssuer(change))).toEqual([expect.stringContaining(expected)]);
  });

  it('refuses an issuer without address', async () => {
    expect(await problemsOf({ jwt_issuers: { corp: { roles: { engineers: 'eng' } } } })).toEqual([
      'jwt_issuers.corp.issuer missing-key: The key "issuer" is missing',
    ]);
  });

  it('refuses a name that could not stand in an id', async () => {
    const [problem] = await problemsOf({
      jwt_issuers: { 'a:b': { issuer: ISSUER, roles: { engineers: 'eng' } } },
    });
    expect(problem).toContain('wrong-value: Expected as key 1 to 64 letters');
  });

  it('refuses one issuer under two names, since tokens say nothing else', async () => {
    const again = { issuer: ISSUER, roles: { engineers: 'eng' } };
    expect(await problemsOf({ jwt_issuers: { corp: again, twin: again } })).toEqual([
      expect.stringMatching(
        /^jwt_issuers\.twin\.issuer duplicate: This issuer was already given in line \d+$/,
      ) as unknown,
    ]);
  });

  it('warns when nobody could do anything, and when clients elsewhere could not find out where they are', async () => {
    const { warnings } = await load({ listen: ':8080', ...withIssuer({ roles: {} }) });
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['no-effect', 'Without "roles" the users of this issuer can call nothing'],
      ['missing-key', 'Clients elsewhere cannot learn for which address to ask for a token'],
    ]);
    const open = await load({ listen: ':8080', public_url: 'https://gate.example', ...withIssuer({}) });
    expect(open.warnings).toEqual([]);
  });
});

describe('loadConfig() of scopes', () => {
  it('takes those of a server and of its tools', async () => {
    const { config } = await load({
      servers: {
        github: {
          url: 'https://github.example',
          required_scopes: ['github'],
          tools: { 'delete_*': { scopes: ['github:delete'] } },
        },
      },
    });
    expect(config.servers['github']).toMatchObject({
      required_scopes: ['github'],
      tools: { 'delete_*': { scopes: ['github:delete'] } },
    });
  });

  it.each(['offline_access', 'a b', '', 'é', 'x'.repeat(129)])('refuses %j', async (scope) => {
    const server = {
      url: 'https://github.example',
      required_scopes: [scope],
      tools: { t: { scopes: [scope] } },
    };
    expect(await problemsOf({ servers: { github: server } })).toEqual([
      expect.stringContaining('servers.github.required_scopes[0] wrong-value: Expected an OAuth scope'),
      expect.stringContaining('servers.github.tools.t.scopes[0] wrong-value: Expected an OAuth scope'),
    ]);
  });
});
