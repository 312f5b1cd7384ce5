import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@smcp/protocol';
import { PROMPTS, RESOURCES, TEMPLATES, TOOLS } from '../../../src/catalog/index.ts';
import { silentCaller } from '../../../src/door/mcp/caller.ts';
import { ifCallPlan, planResource } from '../../../src/door/mcp/call-plan.ts';
import type { View } from '../../../src/view/index.ts';
import { ALICE } from './handshake/sessions.ts';

/** A view in which every public name leads to the same one, `files_` in front of it aside. */
const view = {
  resolve: async (_kind: unknown, name: string) =>
    name === 'nowhere' ? undefined : { server: 'files', name: name.replace(/^files_/, '') },
} as unknown as View;

async function plan(method: string, params: JsonObject) {
  return await ifCallPlan(method, { view, caller: silentCaller(ALICE), params });
}

describe('ifCallPlan()', () => {
  it.each([
    ['tools/call', { name: 'open' }, TOOLS, 'open', undefined],
    ['tools/call', { name: 'files_open' }, TOOLS, 'files_open', ['name', '"open"']],
    ['prompts/get', { name: 'files_p', arguments: {} }, PROMPTS, 'files_p', ['name', '"p"']],
    ['resources/read', { uri: 'files_x://1' }, RESOURCES, 'files_x://1', ['uri', '"x://1"']],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'files_p', title: 'T' } },
      PROMPTS,
      'files_p',
      ['ref', '{"type":"ref/prompt","name":"p","title":"T"}'],
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'x://{id}' } },
      TEMPLATES,
      'x://{id}',
      undefined,
    ],
  ] as const)('finds where %s of %j goes', async (method, params, kind, publicName, replace) => {
    expect(await plan(method, params)).toMatchObject({
      ok: true,
      plan: {
        kind,
        publicName,
        target: { server: 'files' },
        replace: replace === undefined ? undefined : new Map([replace]),
      },
    });
  });

  it('has no target for a name that leads nowhere, so that the gate can record it', async () => {
    expect(await plan('tools/call', { name: 'nowhere' })).toMatchObject({
      ok: true,
      plan: { publicName: 'nowhere', target: undefined, replace: undefined },
    });
  });

  it.each([
    ['tools/call', {}],
    ['tools/call', { name: '' }],
    ['tools/call', { name: ['open'] }],
    ['tools/call', { name: 'open', arguments: [] }],
    ['tools/call', { name: 'open', arguments: null }],
    ['tools/call', { name: 'x'.repeat(1025) }],
    ['prompts/get', { name: 7 }],
    ['resources/read', { uri: '' }],
    ['resources/read', { uri: 'x'.repeat(8193) }],
    ['completion/complete', {}],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'open' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', uri: 'x' } }],
    ['completion/complete', { ref: { type: 'ref/resource', name: 'x' } }],
  ])('says what is wrong with %s of %j', async (method, params) => {
    expect(await plan(method, params)).toMatchObject({ ok: false });
  });

  it.each(['tools/list', 'tasks/get', 'subscriptions/listen', 'constructor'])(
    'knows no call %s',
    (method) => {
      expect(ifCallPlan(method, { view, caller: silentCaller(ALICE), params: {} })).toBeUndefined();
    },
  );
});

describe('planResource()', () => {
  it('takes addresses of 8192 characters', async () => {
    const uri = 'x'.repeat(8192);
    const found = await planResource({ view, caller: silentCaller(ALICE), params: { uri } });
    expect(found).toMatchObject({ ok: true, plan: { publicName: uri } });
  });
});
