import type { SavedTool } from '@smcp/codemode';
import { describe, expect, it } from 'vitest';
import { ScriptsService } from '../../src/code/scripts-service.ts';

type Deps = ConstructorParameters<typeof ScriptsService>[0];

function tool(name: string, version = 1): SavedTool {
  const _meta = { 'smcp/script': { version } };
  return {
    name,
    title: undefined,
    description: 'x',
    inputSchema: { type: 'object' },
    outputSchema: undefined,
    annotations: {},
    _meta,
  };
}

/** A service over scripts in force that the test changes. */
function make() {
  const inForce = new Map<string, readonly SavedTool[]>();
  const asked: string[] = [];
  const savedTools = async (tenant: string): Promise<readonly SavedTool[]> => {
    asked.push(tenant);
    return inForce.get(tenant) ?? [];
  };
  const service = new ScriptsService({ codeMode: { savedTools } } as unknown as Deps);
  return { inForce, asked, service };
}

describe('ScriptsService#takeChanged()', () => {
  it('asks for nothing as long as nobody was shown anything', async () => {
    const { service, asked } = make();
    expect(await service.takeChanged()).toBe(false);
    expect(asked).toEqual([]);
  });

  it('tells of a script that came into force since it was listed, once', async () => {
    const { service, inForce } = make();
    await service.tools('acme');
    expect(await service.takeChanged()).toBe(false);
    inForce.set('acme', [tool('count')]);
    expect(await service.takeChanged()).toBe(true);
    expect(await service.takeChanged()).toBe(false);
  });

  it.each([
    ['another version', [tool('count', 2)]],
    ['retirement', []],
    ['one more', [tool('count'), tool('sum')]],
  ])('tells of %s', async (_, after) => {
    const { service, inForce } = make();
    inForce.set('acme', [tool('count')]);
    await service.tools('acme');
    inForce.set('acme', after);
    expect(await service.takeChanged()).toBe(true);
  });

  it('tells of a change that was listed to somebody else meanwhile', async () => {
    const { service, inForce } = make();
    await service.tools('acme');
    inForce.set('acme', [tool('count')]);
    await service.tools('acme');
    expect(await service.takeChanged()).toBe(true);
  });

  it('tells of a change of any tenant that was shown its scripts, and of no other', async () => {
    const { service, inForce } = make();
    await service.tools('acme');
    await service.tools('umbrella');
    inForce.set('initech', [tool('count')]);
    expect(await service.takeChanged()).toBe(false);
    inForce.set('umbrella', [tool('count')]);
    expect(await service.takeChanged()).toBe(true);
  });
});
