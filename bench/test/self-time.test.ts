import { describe, expect, it } from 'vitest';
import {
  functionName,
  nearestOwnName,
  selfTimes,
  type CpuProfile,
  type Frame,
} from '../profile/self-time.ts';

function frame(functionName: string, url = '', lineNumber = 9): Frame {
  return { functionName, url, lineNumber };
}

const DECIDE = frame('decide', 'file:///home/x/packages/policy/src/decide.ts');
const UNDICI = frame('write', 'file:///home/x/node_modules/undici/lib/client.js');

const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4, 5] },
    { id: 2, callFrame: DECIDE, children: [3] },
    { id: 3, callFrame: frame('hash', 'node:internal/crypto/hash') },
    { id: 4, callFrame: frame('(idle)') },
    { id: 5, callFrame: UNDICI, children: [6] },
    { id: 6, callFrame: frame('writev') },
  ],
  startTime: 1000,
  endTime: 2000,
  samples: [2, 3, 4, 6, 2, 2],
  timeDeltas: [100, 10, 20, 400, 50, 5],
};
const WHOLE = { fromMicros: 0, toMicros: 9999 };

describe('selfTimes()', () => {
  it('gives each sample the time until the next one, most first, and leaves idle time out', () => {
    expect(selfTimes(PROFILE, WHOLE, functionName)).toEqual([
      { name: 'writev', micros: 50 },
      { name: 'hash (node:internal/crypto/hash:10)', micros: 20 },
      { name: 'decide (packages/policy/src/decide.ts:10)', micros: 15 },
    ]);
  });

  it('looks only at samples within the window', () => {
    expect(selfTimes(PROFILE, { fromMicros: 1110, toMicros: 1130 }, functionName)).toEqual([
      { name: 'hash (node:internal/crypto/hash:10)', micros: 20 },
    ]);
  });

  it('counts what others do for a function of ours as its own', () => {
    expect(selfTimes(PROFILE, WHOLE, nearestOwnName)).toEqual([
      { name: 'outside: undici', micros: 50 },
      { name: 'decide (packages/policy/src/decide.ts:10)', micros: 35 },
    ]);
  });
});

describe('names', () => {
  it('functionName() cuts paths after node_modules and names functions without a name', () => {
    expect(functionName([UNDICI])).toBe('write (undici/lib/client.js:10)');
    expect(functionName([frame('', 'node:net')])).toBe('(anonymous) (node:net:10)');
  });

  it.each([
    [[frame('f', 'file:///x/node_modules/@a/b/c.js')], 'outside: @a/b'],
    [[frame('parse', 'node:internal/streams/readable')], 'outside: node:internal/streams'],
    [[frame('(garbage collector)')], 'outside: (garbage collector)'],
    // A package that is installed inside ours is not ours.
    [[frame('f', 'file:///x/packages/gateway/node_modules/pino/a.js')], 'outside: pino'],
  ])('nearestOwnName() names what no function of ours asked for', (stack, expected) => {
    expect(nearestOwnName(stack)).toBe(expected);
  });
});
