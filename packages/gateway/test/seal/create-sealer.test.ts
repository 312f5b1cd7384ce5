import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealer, MAX_PAYLOAD_BYTES, MAX_SEALED_CHARS } from '../../src/seal/index.ts';

const ALICE = { principal: 'key:alice', tenant: 'acme' };
const PAYLOAD = { kind: 'parked', call: 'call-1', nested: { list: [1, 'ü'] } };

function build(clock = { at: 1_000_000 }, secret = Buffer.alloc(32, 7)) {
  const key = createSecretKey(secret);
  return { clock, sealer: createSealer({ key, now: () => clock.at, random: randomBytes }) };
}

function flip(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64url');
}

describe('createSealer()', () => {
  it('opens what it sealed, in every gateway with the same key', () => {
    const text = build().sealer.seal('state', PAYLOAD, { ...ALICE, ttlMs: 1000 });
    expect(build().sealer.open('state', text, ALICE)).toEqual(PAYLOAD);
  });

  it('shows nothing of what is inside', () => {
    const text = build().sealer.seal('state', PAYLOAD, ALICE);
    const bytes = Buffer.from(text, 'base64url').toString('latin1');
    for (const inside of ['parked', 'call-1', 'alice', 'acme']) {
      expect(bytes).not.toContain(inside);
    }
  });

  it('refuses a text with any one bit changed (A34)', () => {
    const { sealer } = build();
    const text = sealer.seal('state', PAYLOAD, ALICE);
    const { byteLength } = Buffer.from(text, 'base64url');
    for (let at = 0; at < byteLength; at += 1) {
      expect(sealer.open('state', flip(text, at), ALICE)).toBe('malformed');
    }
  });

  it.each([
    ['nothing', () => ''],
    ['no base64url', () => '%%%'],
    ['something appended', (text: string) => `${text}-TAMPERED`],
    ['padding', (text: string) => `${text}=`],
    ['the other alphabet', (text: string) => `${text.slice(0, -1)}+`],
    ['white space', (text: string) => ` ${text}`],
    ['its end cut off', (text: string) => text.slice(0, -4)],
    ['its head only', (text: string) => text.slice(0, 38)],
    ['another version', (text: string) => `B${text.slice(1)}`],
    ['endless text', () => 'A'.repeat(MAX_SEALED_CHARS + 4)],
  ])('refuses %s', (_what, change) => {
    const { sealer } = build();
    const text = sealer.seal('state', PAYLOAD, ALICE);
    expect(sealer.open('state', change(text), ALICE)).toBe('malformed');
  });

  it('refuses a text of another key', () => {
    const text = build(undefined, Buffer.alloc(32, 8)).sealer.seal('state', PAYLOAD, ALICE);
    expect(build().sealer.open('state', text, ALICE)).toBe('malformed');
  });

  it('refuses a text of another purpose', () => {
    const { sealer } = build();
    expect(sealer.open('task', sealer.seal('state', PAYLOAD, ALICE), ALICE)).toBe('malformed');
    expect(sealer.open('state', sealer.seal('task', PAYLOAD, ALICE), ALICE)).toBe('malformed');
  });

  it('refuses a text of another principal or tenant (A51) (A53)', () => {
    const { sealer } = build();
    const text = sealer.seal('state', PAYLOAD, ALICE);
    expect(sealer.open('state', text, { ...ALICE, principal: 'key:bob' })).toBe('foreign');
    expect(sealer.open('state', text, { ...ALICE, tenant: 'other' })).toBe('foreign');
    expect(sealer.open('state', text, { principal: 'acme', tenant: 'key:alice' })).toBe('foreign');
  });

  it('opens up to its end and not at it', () => {
    const { sealer, clock } = build();
    const text = sealer.seal('state', PAYLOAD, { ...ALICE, ttlMs: 1000 });
    clock.at += 999;
    expect(sealer.open('state', text, ALICE)).toEqual(PAYLOAD);
    clock.at += 1;
    expect(sealer.open('state', text, ALICE)).toBe('expired');
  });

  it('gives the same text for the same task, and another for another owner or task', () => {
    const { sealer } = build();
    const task = { server: 'box', name: 'dig', task: 't-1' };
    const text = sealer.seal('task', task, ALICE);
    expect(sealer.seal('task', task, ALICE)).toBe(text);
    expect(sealer.seal('task', { ...task, task: 't-2' }, ALICE)).not.toBe(text);
    expect(sealer.seal('task', task, { ...ALICE, principal: 'key:bob' })).not.toBe(text);
  });

  it('gives another text for the same state each time', () => {
    const { sealer } = build();
    expect(sealer.seal('state', PAYLOAD, ALICE)).not.toBe(sealer.seal('state', PAYLOAD, ALICE));
  });

  it('bounds a payload, and opens the largest', () => {
    const { sealer } = build();
    const frame = JSON.stringify({ s: '' }).length;
    const largest = { s: 'x'.repeat(MAX_PAYLOAD_BYTES - frame) };
    expect(sealer.open('state', sealer.seal('state', largest, ALICE), ALICE)).toEqual(largest);
    expect(() => sealer.seal('state', { s: `${largest.s}x` }, ALICE)).toThrow(RangeError);
    expect(() => sealer.seal('state', { s: 'ü'.repeat(MAX_PAYLOAD_BYTES / 2) }, ALICE)).toThrow(RangeError);
  });

  it('refuses a key of another size', () => {
    const key = createSecretKey(Buffer.alloc(16));
    expect(() => createSealer({ key, now: () => 0, random: randomBytes })).toThrow(RangeError);
  });
});
