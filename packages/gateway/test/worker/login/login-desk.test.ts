import { describe, expect, it } from 'vitest';
import { LoginDesk } from '../../../src/worker/login/login-desk.ts';

const SOURCE = '192.0.2.7';
const BROKEN = expect.objectContaining({ code: 'CHANNEL_BROKEN' });

const failed = (credential = 'guess') => ({ source: SOURCE, credential, works: false });
const worked = (credential = 'good') => ({ source: SOURCE, credential, works: true });

describe('LoginDesk.verdict()', () => {
  it('counts failures, and then withholds every result (A58)', () => {
    const desk = new LoginDesk({ calls: '3/min' }, () => 0);
    expect([failed(), failed(), failed()].map((body) => desk.verdict(body).waitSeconds)).toEqual([0, 0, 0]);
    expect(desk.verdict(failed()).waitSeconds).toBe(20);
    expect(desk.verdict(worked()).waitSeconds).toBe(20);
  });

  it('counts no success', () => {
    const desk = new LoginDesk({ calls: '1/min' }, () => 0);
    for (let n = 0; n < 10; n += 1) {
      expect(desk.verdict(worked(`good ${n}`)).waitSeconds).toBe(0);
    }
    expect(desk.verdict(failed()).waitSeconds).toBe(0);
  });

  it('goes on with a credential that worked from there in the last ten minutes', () => {
    let now = 0;
    const desk = new LoginDesk({ calls: '1/h' }, () => now);
    desk.verdict(worked());
    desk.verdict(failed());
    expect(desk.verdict(worked()).waitSeconds).toBe(0);
    expect(desk.verdict(worked('other')).waitSeconds).toBeGreaterThan(0);
    expect(desk.verdict({ ...worked(), source: '192.0.2.8' }).waitSeconds).toBe(0);
    now = 11 * 60_000;
    expect(desk.verdict(worked()).waitSeconds).toBeGreaterThan(0);
  });

  it('keeps sources apart', () => {
    const desk = new LoginDesk({ calls: '1/h' }, () => 0);
    desk.verdict(failed());
    expect(desk.verdict({ ...failed(), source: '192.0.2.8' }).waitSeconds).toBe(0);
  });

  it('keeps the count over another rate', () => {
    const desk = new LoginDesk({ calls: '2/h' }, () => 0);
    desk.verdict(failed());
    desk.verdict(failed());
    desk.changeRate({ calls: '2/min' });
    expect(desk.verdict(failed()).waitSeconds).toBe(30);
  });

  it.each([
    null,
    {},
    { source: SOURCE, credential: 'a' },
    { ...worked(), works: 'yes' },
    { ...worked(), source: 1 },
  ])('refuses %j, and counts nothing', (body) => {
    const desk = new LoginDesk({ calls: '1/h' }, () => 0);
    expect(() => desk.verdict(body)).toThrow(BROKEN);
    expect(desk.verdict(failed()).waitSeconds).toBe(0);
  });
});

describe('LoginDesk.mayTry()', () => {
  it('says whether a source has to wait, and counts nothing', () => {
    const desk = new LoginDesk({ calls: '1/min' }, () => 0);
    for (let n = 0; n < 5; n += 1) {
      expect(desk.mayTry({ source: SOURCE, credential: 'a' }).waitSeconds).toBe(0);
    }
    desk.verdict(worked());
    desk.verdict(failed());
    expect(desk.mayTry({ source: SOURCE, credential: 'a' }).waitSeconds).toBe(60);
    expect(desk.mayTry({ source: SOURCE, credential: 'good' }).waitSeconds).toBe(0);
  });

  it('refuses a question that is none', () => {
    const desk = new LoginDesk({ calls: '1/min' }, () => 0);
    expect(() => desk.mayTry({ source: SOURCE })).toThrow(BROKEN);
  });
});
