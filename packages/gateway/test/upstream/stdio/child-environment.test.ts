import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../src/upstream/stdio/child-environment.ts';

const OWN = {
  PATH: '/bin',
  HOME: '/home/u',
  SECRET: 'of the gateway',
  NODE_OPTIONS: '--inspect',
  LD_PRELOAD: '/evil.so',
};

describe('childEnvironment()', () => {
  it('inherits PATH and HOME and nothing else', () => {
    expect(childEnvironment(OWN)).toEqual({ PATH: '/bin', HOME: '/home/u' });
  });

  it('adds no variable that the gateway does not have itself', () => {
    expect(childEnvironment({ HOME: undefined, PATH: '/bin' })).toEqual({ PATH: '/bin' });
    expect(childEnvironment({})).toEqual({});
  });

  it('adds what is configured; later sources win', () => {
    const env = childEnvironment(
      OWN,
      { TOKEN: 'configured', MODE: 'a' },
      { TOKEN: 'stored' },
      { TOKEN: 'own', PATH: '/opt/bin' },
    );
    expect(env).toEqual({ PATH: '/opt/bin', HOME: '/home/u', TOKEN: 'own', MODE: 'a' });
  });

  it('leaves its sources as they were and cannot be changed', () => {
    const configured = Object.freeze({ A: '1' });
    const env = childEnvironment(OWN, configured);
    expect(Object.isFrozen(env)).toBe(true);
    expect(configured).toEqual({ A: '1' });
    expect(OWN.SECRET).toBe('of the gateway');
  });
});
