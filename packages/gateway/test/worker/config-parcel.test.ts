import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { packConfig, unpackConfig } from '../../src/worker/config-parcel.ts';

const FILE = `
workers: 3
servers:
  files: { command: node, args: [x.mjs], env: { TOKEN: "\${TOKEN}" } }
api_keys: [{ name: alice, key: a-key-of-some-length, role: eng }]
roles: { eng: { allow: ["files:*"], deny: [{ tool: "files:rm", arguments: { path: { const: "/" } } }] } }
`;

describe('packConfig() and unpackConfig()', () => {
  it('give back a configuration that equals the one that was loaded, frozen as that was', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smcp-parcel-'));
    try {
      const file = join(folder, 'smcp.yaml');
      await writeFile(
        file,
        FILE.replace('{ tool: "files:rm", arguments: { path: { const: "/" } } }', '"files:rm"'),
      );
      const loaded = await loadConfig({ file, env: { TOKEN: 'a secret of the environment' } });
      const unpacked = unpackConfig(packConfig(loaded));
      expect(unpacked).toStrictEqual(loaded);
      expect(unpacked.config.workers).toBe(3);
      expect(unpacked.secretValues).toContain('a secret of the environment');
      expect(Object.isFrozen(unpacked)).toBe(true);
      expect(Object.isFrozen(unpacked.config.servers['files'])).toBe(true);
      expect(Object.isFrozen(unpacked.policy.roles)).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each([
    '',
    'nonsense',
    serialize(null).toString('base64'),
    serialize('text').toString('base64'),
    serialize({ config: {} }).toString('base64'),
  ])('unpackConfig() refuses %j', (text) => {
    expect(() => unpackConfig(text)).toThrow(expect.objectContaining({ code: 'CHANNEL_BROKEN' }));
  });
});
