import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFixture } from '../helpers/gateway-fixture.ts';
import { ModernClient } from '../helpers/modern-client.ts';
import { makeCertificate, type Certificate } from './make-certificate.ts';
import { SECRETS } from './secrets.ts';

const AUTHORITIES = getCACertificates('default');

afterEach(() => {
  setDefaultCACertificates(AUTHORITIES);
  vi.unstubAllEnvs();
});

/** Authorization headers that a server with this certificate gets to see when somebody calls a tool of it, and the answer to that. */
async function callOver(certificate: Certificate): Promise<{
  readonly seen: readonly unknown[];
  readonly error: { readonly code: number; readonly message: string } | undefined;
}> {
  const seen: unknown[] = [];
  const server = createServer(certificate, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await using fixture = await startFixture(
      {
        servers: {
          files: {
            url: `https://localhost:${port}/mcp`,
            credentials: { headers: { Authorization: 'Bearer ${INJECTED}' } },
          },
        },
        api_keys: [{ name: 'alice', key: '${ALICE}', role: 'eng' }],
        roles: { eng: { allow: ['*:*'] } },
      },
      { ALICE: SECRETS.alice, INJECTED: SECRETS.injectedHeader },
    );
    const alice = new ModernClient(`${fixture.gateway.url}/mcp/files`, SECRETS.alice);
    const { error } = await alice.callTool('read');
    return { seen, error };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('a server over TLS', () => {
  it('is reached when its certificate is trusted and for its name', async () => {
    const certificate = makeCertificate('localhost');
    setDefaultCACertificates([certificate.cert]);
    const { seen } = await callOver(certificate);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${SECRETS.injectedHeader}`]));
  });

  it.each<[string, Certificate, boolean]>([
    ['that nobody vouches for', makeCertificate('localhost'), false],
    ['for another name', makeCertificate('files.example'), true],
    ['for a name that only begins like it', makeCertificate('localhost.evil.example'), true],
    ['that has expired', makeCertificate('localhost', { validFromDays: -2, validUntilDays: -1 }), true],
    ['that is not valid yet', makeCertificate('localhost', { validFromDays: 1, validUntilDays: 2 }), true],
  ])('with a certificate %s gets no credential and no call (A68)', async (_what, certificate, isTrusted) => {
    setDefaultCACertificates(isTrusted ? [certificate.cert] : AUTHORITIES);
    const { seen, error } = await callOver(certificate);
    expect(seen).toEqual([]);
    expect(error).toMatchObject({ code: 50_201, message: expect.stringContaining('"files"') as unknown });
  });

  it('is not believed because a variable of the environment says so (A68)', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { seen, error } = await callOver(makeCertificate('localhost'));
    expect(seen).toEqual([]);
    expect(error).toMatchObject({ code: 50_201 });
  });
});
