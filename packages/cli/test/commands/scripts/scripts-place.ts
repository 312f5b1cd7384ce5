import { openFoundation } from '@smcp/gateway';
import { main } from '../../../src/main.ts';
import { Collector, fakeTerminal, type Place, type Ran } from '../../run-cli.ts';

export const NOW = Date.parse('2026-11-20T14:00:00.000Z');
export const CODE = 'const { path } = args;\nreturn String(path).length;\n';

type NewScript = Parameters<Awaited<ReturnType<typeof openFoundation>>['store']['scripts']['add']>[0];

/** Saves a version as a script behind a gateway with the same state folder does. */
export async function saved({ home }: Place, name: string, more: Partial<NewScript> = {}): Promise<void> {
  await using foundation = await openFoundation({ env: {}, home });
  await foundation.store.scripts.add({
    tenant: 'default',
    name,
    description: 'Counts the letters of a path',
    language: 'typescript',
    code: CODE,
    inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    servers: ['files'],
    digest: `sha256:${'a'.repeat(64)}`,
    savedBy: 'key:alice',
    savedAt: NOW,
    findings: [],
    ...more,
  });
}

export async function versions({ home }: Place, name: string): Promise<readonly string[]> {
  await using foundation = await openFoundation({ env: {}, home });
  const found = await foundation.store.scripts.versions('default', name);
  return found.map(({ version, state, answeredBy = '-' }) => `${version} ${state} ${answeredBy}`);
}

/** Everything recorded of changes. */
export async function recorded(place: Place): Promise<readonly { event: string; detail: object }[]> {
  const { stdout } = await place.smcp(['audit', 'export', '--type', 'system']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map(({ event, detail }) => ({ event, detail }));
}

/** Runs `smcp scripts` with a person at a terminal who types `typed`. */
export async function atTerminal({ home }: Place, typed: string, ...args: readonly string[]): Promise<Ran> {
  const stdin = fakeTerminal();
  const [stdout, stderr] = [new Collector(), new Collector()];
  stdin.end(typed);
  const io = { stdin, stdout, stderr, env: { SMCP_HOME: home }, now: () => NOW };
  const code = await main(['node', 'smcp', 'scripts', ...args], io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}
