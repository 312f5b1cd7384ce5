import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { injectCredential, isCallerCredential, type Injection } from '../../src/credential/index.ts';
import { serverConfig } from '../fixtures/server-config.ts';

const URL_ = 'https://github.example/mcp';
const STORED = { Authorization: 'Bearer stored', 'X-Org': 'acme' };

function inject(settings: object, own?: string): Injection {
  const result = injectCredential('github', serverConfig(settings), own);
  if (!result.ok) throw new Error(result.message);
  return result.injection;
}

describe('injectCredential() in the mode `gateway`', () => {
  const settings = { url: URL_, credential_mode: 'gateway', credentials: { headers: STORED } };

  it('injects the stored credential [S1-14]', () => {
    expect(inject(settings)).toEqual({ headers: STORED, env: {}, partition: '' });
  });

  it('never sends what the caller brings [S1-14] [A43]', () => {
    expect(inject(settings, 'own-credential')).toEqual(inject(settings));
  });

  it('is the mode when none is configured [S1-17]', () => {
    expect(inject({ url: URL_, credentials: { headers: STORED } }, 'own-credential').headers).toEqual(STORED);
  });

  it('gives stored variables to a process', () => {
    expect(inject({ command: 'x', credentials: { env: { TOKEN: 'stored' } } })).toEqual({
      headers: {},
      env: { TOKEN: 'stored' },
      partition: '',
    });
  });
});

describe('injectCredential() in the mode `passthrough`', () => {
  const settings = { url: URL_, credential_mode: 'passthrough', credentials: { headers: STORED } };

  it('makes the caller’s own credential the upstream’s, in place of the stored one [S1-15] [S1-39]', () => {
    expect(inject(settings, 'own-credential').headers).toEqual({
      'X-Org': 'acme',
      Authorization: 'Bearer own-credential',
    });
  });

  it('refuses a caller without one, and never falls back to the stored one [S1-15]', () => {
    const result = injectCredential('github', serverConfig(settings), undefined);
    expect(result).toEqual({ ok: false, message: 'Server "github" needs your own credential in its header' });
    expect(JSON.stringify(result)).not.toContain('stored');
  });

  it.each([
    ['another header', { as: 'X-Api-Key' }, { ...STORED, 'X-Api-Key': 'Bearer own' }],
    ['another word', { scheme: 'token' }, { 'X-Org': 'acme', Authorization: 'token own' }],
    ['no word', { scheme: '' }, { 'X-Org': 'acme', Authorization: 'own' }],
    ['another header without a word', { as: 'X-Api-Key', scheme: '' }, { ...STORED, 'X-Api-Key': 'own' }],
  ])('sends it in %s when configured [S1-39]', (_what, passthrough, headers) => {
    expect(inject({ ...settings, credentials: { headers: STORED, passthrough } }, 'own').headers).toEqual(
      headers,
    );
  });

  it('replaces a stored header of the same name in any case, so that only one is sent [A43]', () => {
    const credentials = { headers: { AUTHORIZATION: 'Bearer stored', 'x-org': 'acme' } };
    expect(inject({ ...settings, credentials }, 'own').headers).toEqual({
      'x-org': 'acme',
      Authorization: 'Bearer own',
    });
  });

  it('gives it to a process in its variable, and sends no header', () => {
    const process_ = {
      command: 'x',
      scope: 'principal',
      credential_mode: 'passthrough',
      credentials: { env: { TOKEN: 'stored', OTHER: 'kept' }, passthrough: { env: 'TOKEN' } },
    };
    expect(inject(process_, 'own')).toMatchObject({ headers: {}, env: { TOKEN: 'own', OTHER: 'kept' } });
  });
});

describe('injectCredential() in the mode `optional`', () => {
  const settings = { url: URL_, credential_mode: 'optional', credentials: { headers: STORED } };

  it('takes the caller’s own credential if present [S1-16]', () => {
    expect(inject(settings, 'own').headers).toEqual({ 'X-Org': 'acme', Authorization: 'Bearer own' });
  });

  it('takes the stored one otherwise [S1-16]', () => {
    expect(inject(settings)).toEqual({ headers: STORED, env: {}, partition: '' });
  });

  it('works without a stored one', () => {
    expect(inject({ url: URL_, credential_mode: 'optional' })).toEqual({
      headers: {},
      env: {},
      partition: '',
    });
  });
});

describe('injectCredential(), the mode of each server [S1-17]', () => {
  it('is that server’s alone', () => {
    const headersOf = (credential_mode: string): object =>
      inject({ url: URL_, credential_mode, credentials: { headers: STORED } }, 'own').headers;
    expect(headersOf('gateway')).toEqual(STORED);
    expect(headersOf('passthrough')).toEqual({ 'X-Org': 'acme', Authorization: 'Bearer own' });
  });
});

describe('the partition of an injection', () => {
  const settings = { url: URL_, credential_mode: 'optional', credentials: { headers: STORED } };
  const partition = (own?: string): string => inject(settings, own).partition;

  it('is equal for equal credentials and differs for others, and from the stored one [A52]', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
        (a, b) => {
          expect(partition(a) === partition(b)).toBe(a === b);
          expect(partition(a)).not.toBe(partition());
        },
      ),
    );
  });

  it('reveals nothing of the credential [S1-13]', () => {
    expect(partition('own-credential')).toMatch(/^[0-9a-f]{64}$/);
    expect(partition('own-credential')).not.toContain('own');
  });
});

describe('an injection', () => {
  it('leaves the configuration as it was', () => {
    const config = serverConfig({ url: URL_, credential_mode: 'optional', credentials: { headers: STORED } });
    const before = structuredClone(config);
    injectCredential('github', config, 'own');
    injectCredential('github', config, undefined);
    expect(config).toEqual(before);
  });

  it('holds the caller’s credential once and nothing else of what the caller sent [A43]', () => {
    const own = fc.string({ unit: 'grapheme-ascii', minLength: 12 }).filter(isCallerCredential);
    fc.assert(
      fc.property(own, (value) => {
        const { headers, env } = inject(
          { url: URL_, credential_mode: 'passthrough', credentials: { headers: STORED } },
          value,
        );
        expect(Object.keys(headers).toSorted()).toEqual(['Authorization', 'X-Org']);
        expect(headers['Authorization']).toBe(`Bearer ${value}`);
        expect(env).toEqual({});
      }),
    );
  });
});
