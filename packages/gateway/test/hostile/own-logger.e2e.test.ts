import { afterEach, expect, it, vi } from 'vitest';
import { encodeRequest, type RawRequest, type RequestParts } from './bad-request.ts';
import { badRequests } from './bad-requests.ts';
import { sendRaw } from './raw-http.ts';
import { findSecrets, SECRETS } from './secrets.ts';
import { openStage } from './stage.ts';
import { straySecrets } from './stray-secrets.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Everything written to standard error from now on. */
function listen(): () => string {
  const parts: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => parts.push(String(part)) > 0);
  return () => parts.join('');
}

it('the gateway’s own log tells of every refused login and holds no secret', async () => {
  const log = listen();
  await using stage = await openStage({ ownLogger: true });
  const { port } = stage.fixture.gateway.address;
  const play = async (request: RequestParts | RawRequest, stray: string): Promise<void> => {
    const fill = (text: string): string => stage.fill(text.replaceAll('{{stray}}', stray));
    await sendRaw(port, encodeRequest(request, fill), 'raw' in request ? request : {});
  };
  for (const { request } of badRequests) {
    await play(request, '');
  }
  for (const { request } of straySecrets) {
    await play(request, SECRETS.bob);
    await play(request, SECRETS.injectedVariable);
  }
  const lines = log().split('\n');
  const refused = lines.filter((line) => line.includes('login refused')).length;
  expect(refused).toBeGreaterThanOrEqual(
    badRequests.filter((entry) => entry.expect.logged !== undefined).length,
  );
  expect(findSecrets(log(), stage.secrets)).toEqual([]);
});
