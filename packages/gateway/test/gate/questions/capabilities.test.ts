import { describe, expect, it } from 'vitest';
import {
  canBeAsked,
  capabilitiesFor,
  declaresTasks,
  elicitsForms,
  elicitsUrls,
  lackingIn,
  withTasks,
} from '../../../src/gate/questions/capabilities.ts';

const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

describe('capabilitiesFor()', () => {
  const declared = {
    elicitation: { form: {}, url: {} },
    sampling: { tools: {}, context: {} },
    roots: { listChanged: true },
    experimental: { x: {} },
    extensions: { ...TASKS.extensions, 'com.example/other': {} },
  };

  it('gives what is declared and may be asked for, and of the extensions tasks only', () => {
    expect(capabilitiesFor(declared, ['elicitation', 'roots'])).toEqual({
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
      ...TASKS,
    });
  });

  it('never gives the context of other servers (A20)', () => {
    expect(capabilitiesFor(declared, ['sampling'])).toEqual({ sampling: { tools: {} }, ...TASKS });
  });

  it.each([
    [{}, ['elicitation', 'sampling', 'roots'], {}],
    [declared, [], TASKS],
    [{ elicitation: true, roots: null }, ['elicitation', 'roots'], {}],
    [{ extensions: { 'io.modelcontextprotocol/tasks': true } }, [], {}],
  ] as const)('of %j with %j gives %j', (given, mayAsk, expected) => {
    expect(capabilitiesFor(given, mayAsk)).toEqual(expected);
  });
});

it('canBeAsked() is about questions, not about tasks', () => {
  expect(canBeAsked({ roots: {} })).toBe(true);
  expect(canBeAsked(TASKS)).toBe(false);
});

it('withTasks() adds the extension and keeps the rest', () => {
  expect(withTasks({ roots: {}, extensions: { x: {} } })).toEqual({
    roots: {},
    extensions: { x: {}, ...TASKS.extensions },
  });
  expect(declaresTasks(withTasks({}))).toBe(true);
  expect(declaresTasks({})).toBe(false);
});

it.each([
  [{ elicitation: {} }, true, false],
  [{ elicitation: { form: {} } }, true, false],
  [{ elicitation: { url: {} } }, false, true],
  [{ elicitation: { form: {}, url: {} } }, true, true],
  [{}, false, false],
])('elicitsForms() and elicitsUrls() of %j are %s and %s', (capabilities, forms, urls) => {
  expect(elicitsForms(capabilities)).toBe(forms);
  expect(elicitsUrls(capabilities)).toBe(urls);
});

describe('lackingIn()', () => {
  it.each([
    [{ roots: {} }, { roots: {} }, undefined],
    [{}, { roots: {} }, { roots: {} }],
    [{ sampling: {} }, { sampling: { tools: {} } }, { sampling: { tools: {} } }],
    [{ elicitation: {} }, { elicitation: { form: {} } }, undefined],
    [{ elicitation: {} }, { elicitation: { url: {} } }, { elicitation: { url: {} } }],
    [{ elicitation: { url: {} } }, { elicitation: { form: {} } }, { elicitation: { form: {} } }],
    [{ roots: {} }, { roots: {}, ...TASKS }, TASKS],
    [TASKS, TASKS, undefined],
  ])('of %j and %j gives %j', (capabilities, required, lacking) => {
    expect(lackingIn(capabilities, required)).toEqual(lacking);
  });
});
