import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyDelegationChain } from '../../src/delegation/index.ts';
import { AUDIENCE, makeCast, NOW } from './fixture.ts';
import type { Cast } from './fixture.ts';

const verify = (cast: Cast, header: string, presenter: string) =>
  verifyDelegationChain(header, { audience: AUDIENCE, presenter, nowSeconds: NOW, keyOf: cast.keyOf });

const presenters = ['agent:a', 'agent:b', 'agent:c', 'agent:d'];

describe('verifyDelegationChain() under tampering', () => {
  it('refuses any change of one byte', async () => {
    const cast = await makeCast();
    const header = (await cast.chain(3)).join(',');
    expect(await verify(cast, header, 'agent:c')).toMatchObject({ ok: true });
    const change = fc.record({
      at: fc.nat(header.length - 1),
      to: fc.oneof(
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom(...Array.from('AZaz09-_.,= ')).map((c) => c.charCodeAt(0)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to }) => {
        const changed = header.slice(0, at) + String.fromCharCode(to) + header.slice(at + 1);
        fc.pre(changed !== header);
        expect(await verify(cast, changed, 'agent:c')).toMatchObject({ ok: false });
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every other last character of a signature, though some decode to the same bytes', async () => {
    const cast = await makeCast();
    const [link] = await cast.chain(1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of alphabet.replace(link!.at(-1)!, '')) {
      expect(await verify(cast, link!.slice(0, -1) + character, 'agent:a')).toMatchObject({ ok: false });
    }
  });

  it('refuses a chain with a byte inserted or taken out', async () => {
    const cast = await makeCast();
    const header = (await cast.chain(2)).join(',');
    const change = fc.record({
      at: fc.nat(header.length - 1),
      insert: fc.constantFrom('', 'A', '.', ',', ' ', '='),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, insert }) => {
        const changed = header.slice(0, at) + insert + header.slice(insert === '' ? at + 1 : at);
        expect(await verify(cast, changed, 'agent:b')).toMatchObject({ ok: false });
      }),
      { numRuns: 400 },
    );
  });

  it('refuses every removal, order and repetition of links, whoever presents it', async () => {
    const cast = await makeCast();
    const links = await cast.chain(4);
    const picks = fc.array(fc.nat(3), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(picks, fc.constantFrom(...presenters), async (indices, presenter) => {
        // A prefix in order, presented by its own delegate, is a chain of its own.
        const isPrefix = indices.every((index, position) => index === position);
        const result = await verify(cast, indices.map((index) => links[index]!).join(','), presenter);
        expect(result.ok).toBe(isPrefix && presenter === presenters[indices.length - 1]);
      }),
      { numRuns: 500 },
    );
  });

  it('answers any text with a coded refusal and never throws', async () => {
    const cast = await makeCast();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json()),
        async (text) => {
          const result = await verify(cast, text, 'agent:a');
          expect(result).toMatchObject({ ok: false, code: expect.stringMatching(/^DELEGATION_/) as string });
        },
      ),
    );
  });
});
