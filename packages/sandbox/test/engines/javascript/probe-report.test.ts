import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../src/engine.ts';
import {
  brokenPromises,
  parseProbeReport,
  type ProbeReport,
} from '../../../src/engines/javascript/probe-report.ts';

const REFUSED: ProbeReport = {
  environment: ['PWD'],
  connect: 'EPERM',
  datagram: 'EPERM',
  readFile: 'ENOENT',
  readFolder: 'ENOENT',
  processes: 'ENOENT',
  write: 'EROFS',
  writeRoot: 'EROFS',
  spawn: 'EPERM',
  memory: 'ERR_MEMORY_ALLOCATION_FAILED',
};

function layers(...active: Layer['name'][]): Layer[] {
  return active.map((name) => ({ name, active: true, note: '' }));
}

describe('brokenPromises()', () => {
  it('finds none when everything was refused', () => {
    expect(brokenPromises(REFUSED, layers('namespaces', 'seccomp', 'memory-limit', 'process'))).toEqual([]);
  });

  it.each([
    ['namespaces', 'connect'],
    ['namespaces', 'readFile'],
    ['namespaces', 'readFolder'],
    ['namespaces', 'processes'],
    ['namespaces', 'write'],
    ['namespaces', 'writeRoot'],
    ['seccomp', 'connect'],
    ['seccomp', 'datagram'],
    ['seccomp', 'spawn'],
    ['memory-limit', 'memory'],
  ] as const)('finds that %s did not stop %s', (name, attempt) => {
    const report = { ...REFUSED, [attempt]: 'done' };
    expect(brokenPromises(report, layers(name))).toEqual([`${name}: ${attempt} was possible`]);
  });

  it('blames no layer that is not active', () => {
    const open = Object.fromEntries(Object.keys(REFUSED).map((name) => [name, 'done']));
    const report = { ...REFUSED, ...open, environment: [] };
    expect(brokenPromises(report, layers('process'))).toEqual([]);
    expect(brokenPromises(report, [{ name: 'namespaces', active: false, note: '' }])).toEqual([]);
  });

  it('finds a variable of the environment, whatever the layers', () => {
    const report = { ...REFUSED, environment: ['PWD', 'HOME', 'TOKEN'] };
    expect(brokenPromises(report, [])).toEqual([
      'process: variable HOME is set',
      'process: variable TOKEN is set',
    ]);
  });
});

describe('parseProbeReport()', () => {
  it('reads what a probe tells', () => {
    expect(parseProbeReport(JSON.stringify(REFUSED))).toEqual(REFUSED);
  });

  it.each([
    '',
    '{}',
    'null',
    JSON.stringify({ ...REFUSED, spawn: undefined }),
    JSON.stringify({ ...REFUSED, environment: '' }),
  ])('takes %s for a probe that failed', (text) => {
    expect(() => parseProbeReport(text)).toThrow(/report|JSON/u);
  });
});
