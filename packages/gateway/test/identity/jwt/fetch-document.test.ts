import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFetchDocument, type LookupAll } from '../../../src/identity/jwt/fetch-document.ts';
import type { IssuerError } from '../../../src/identity/jwt/issuer-error.ts';

interface Site extends AsyncDisposable {
  readonly port: number;
  /** Headers of the requests that came. */
  readonly seen: readonly Record<string, unknown>[];
}

async function site(listener: RequestListener): Promise<Site> {
  const seen: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answering =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

const signal = AbortSignal.timeout(60_000);
const localUrl = ({ port }: Site, host = '127.0.0.1'): URL => new URL(`http://${host}:${port}/keys`);

/** Says of every host that it has these addresses. */
function dns(...addresses: readonly string[]): LookupAll {
  return (_host, done) => {
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

async function errorOf(fetched: Promise<unknown>): Promise<IssuerError> {
  return (await fetched.then(
    () => {
      throw new Error('Expected a failure');
    },
    (error: unknown) => error,
  )) as IssuerError;
}

describe('createFetchDocument()', () => {
  it('gets a document from an address that the operator wrote', async () => {
    await using place = await site(answering(200, '{"keys":[]}'));
    const fetchDocument = createFetchDocument();
    expect(await fetchDocument({ url: localUrl(place), reach: 'configured', signal })).toEqual({ keys: [] });
    expect(place.seen[0]).toMatchObject({ accept: 'application/json', 'accept-encoding': 'identity' });
    expect(place.seen[0]).not.toHaveProperty('authorization');
  });

  it('gets a document from a name that leads to a private address, when the operator wrote the name', async () => {
    await using place = await site(answering(200, '{}'));
    const fetchDocument = createFetchDocument(dns('127.0.0.1'));
    const url = localUrl(place, 'sso.corp.example');
    expect(await fetchDocument({ url, reach: 'configured', signal })).toEqual({});
  });

  it('refuses a private address that a document named, by number (A63)', async () => {
    await using place = await site(answering(200, '{}'));
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'public', signal }));
    expect(error).toMatchObject({ name: 'IssuerError', code: 'ISSUER_ADDRESS_REFUSED' });
    expect(place.seen).toEqual([]);
  });

  it('refuses a name that leads to a private address when a document named it (A63, A65)', async () => {
    await using place = await site(answering(200, '{}'));
    const fetchDocument = createFetchDocument(dns('127.0.0.1'));
    const error = await errorOf(
      fetchDocument({ url: localUrl(place, 'rebound.example'), reach: 'public', signal }),
    );
    expect(error.code).toBe('ISSUER_ADDRESS_REFUSED');
    expect(place.seen).toEqual([]);
  });

  it('refuses a name when only one of its addresses is private (A65)', async () => {
    const fetchDocument = createFetchDocument(dns('8.8.8.8', '10.0.0.1'));
    const url = new URL('https://half.example/keys');
    expect((await errorOf(fetchDocument({ url, reach: 'public', signal }))).code).toBe(
      'ISSUER_ADDRESS_REFUSED',
    );
  });

  it.each(['http://169.254.169.254/latest', 'http://[fe80::1]/'])(
    'refuses %s whoever wrote it',
    async (text) => {
      const error = await errorOf(createFetchDocument()({ url: new URL(text), reach: 'configured', signal }));
      expect(error.code).toBe('ISSUER_ADDRESS_REFUSED');
    },
  );

  it('refuses a name that leads to a metadata address whoever wrote it', async () => {
    const fetchDocument = createFetchDocument(dns('169.254.169.254'));
    const url = new URL('http://login.example/');
    expect((await errorOf(fetchDocument({ url, reach: 'configured', signal }))).code).toBe(
      'ISSUER_ADDRESS_REFUSED',
    );
  });

  it('does not follow a redirect (A66)', async () => {
    await using target = await site(answering(200, '{"keys":[]}'));
    await using place = await site(answering(302, '', { location: localUrl(target).href }));
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_UNREACHABLE');
    expect(error.message).toContain('302');
    expect(target.seen).toEqual([]);
  });

  it.each([201, 204, 404, 500])('takes HTTP status %i for no document', async (status) => {
    await using place = await site(answering(status, status === 204 ? '' : '{}'));
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_UNREACHABLE');
  });

  it('reads 256 KiB and not one byte more', async () => {
    const text = (size: number): string => JSON.stringify('x'.repeat(size - 2));
    const limit = 256 * 1024;
    await using fits = await site(answering(200, text(limit)));
    const document = await createFetchDocument()({ url: localUrl(fits), reach: 'configured', signal });
    expect(document).toHaveLength(limit - 2);
    await using over = await site(answering(200, text(limit + 1)));
    const error = await errorOf(createFetchDocument()({ url: localUrl(over), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_DOCUMENT_INVALID');
  });

  it('stops reading a body that never ends', async () => {
    await using place = await site((_request, response) => {
      const chunk = 'x'.repeat(64 * 1024);
      const timer = setInterval(() => response.write(chunk), 1);
      response.on('close', () => clearInterval(timer));
    });
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_DOCUMENT_INVALID');
  });

  it.each([
    ['text', 'hello'],
    ['half a document', '{"keys":['],
    ['nothing', ''],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('refuses %s', async (_name, body) => {
    await using place = await site(answering(200, body));
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_DOCUMENT_INVALID');
  });

  it('refuses a compressed body, which could be a bomb', async () => {
    await using place = await site(answering(200, gzipSync('{"keys":[]}'), { 'content-encoding': 'gzip' }));
    const error = await errorOf(createFetchDocument()({ url: localUrl(place), reach: 'configured', signal }));
    expect(error.code).toBe('ISSUER_DOCUMENT_INVALID');
  });

  it.each(['before the headers', 'within the body'])(
    'ends with its signal when the answer stalls %s',
    async (where) => {
      await using place = await site((_request, response) => {
        if (where === 'within the body') response.writeHead(200).write('{');
      });
      const controller = new AbortController();
      const fetched = createFetchDocument()({
        url: localUrl(place),
        reach: 'configured',
        signal: controller.signal,
      });
      setTimeout(() => controller.abort(), 20);
      expect((await errorOf(fetched)).code).toBe('ISSUER_UNREACHABLE');
    },
  );

  it('tells apart that nobody listens and that a name is unknown', async () => {
    const closed = await site(answering(200, '{}'));
    await closed[Symbol.asyncDispose]();
    const url = localUrl(closed);
    expect(await errorOf(createFetchDocument()({ url, reach: 'configured', signal }))).toMatchObject({
      code: 'ISSUER_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED') as unknown,
    });
    const unknown: LookupAll = (_host, done) => done(new Error('ENOTFOUND'), []);
    const named = new URL('https://nowhere.example/');
    expect(
      await errorOf(createFetchDocument(unknown)({ url: named, reach: 'public', signal })),
    ).toMatchObject({
      code: 'ISSUER_UNREACHABLE',
      message: expect.stringContaining('ENOTFOUND') as unknown,
    });
  });
});
