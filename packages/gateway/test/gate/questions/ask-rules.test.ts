import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import { AskRules } from '../../../src/gate/questions/ask-rules.ts';

function parse(settings: object) {
  return configSchema.safeParse({ servers: { box: { url: 'https://box.example/mcp', ...settings } } });
}

function rulesOf(settings: object): AskRules {
  const [server] = Object.values(parse(settings).data?.servers ?? {});
  if (server === undefined) {
    throw new TypeError('The configuration has no server');
  }
  return new AskRules(server);
}

describe('may_ask', () => {
  it('lets a server ask for forms and folders, and for no answers of a model (A20)', () => {
    const declared = { elicitation: {}, sampling: {}, roots: {} };
    expect(rulesOf({}).capabilitiesFor(declared)).toEqual({ elicitation: {}, roots: {} });
    expect(rulesOf({ may_ask: ['sampling'] }).capabilitiesFor(declared)).toEqual({ sampling: {} });
    expect(rulesOf({ may_ask: [] }).capabilitiesFor(declared)).toEqual({});
  });

  it('gives the same object for the same client', () => {
    const rules = rulesOf({});
    const declared = { roots: {} };
    expect(rules.capabilitiesFor(declared)).toBe(rules.capabilitiesFor(declared));
  });

  it.each([['everything'], [['tools']], [['elicitation', 'sampling', 'roots', 'roots']]])(
    'is not %j',
    (may_ask) => {
      expect(parse({ may_ask }).success).toBe(false);
    },
  );
});

describe('elicitation_hosts', () => {
  it('adds to the host of the server', () => {
    const rules = rulesOf({ elicitation_hosts: ['login.example.org'] });
    expect(rules.mayShowPage('https://login.example.org/')).toBe(true);
    expect(rules.mayShowPage('https://box.example/')).toBe(true);
    expect(rulesOf({}).mayShowPage('https://login.example.org/')).toBe(false);
  });

  it.each([
    '*',
    '*.',
    '*.com.',
    '.example.com',
    'https://example.com',
    'example.com/x',
    'a.*.example.com',
    '*example.com',
    'localhost',
    'Example.com',
    'exämple.com',
    'example.com:443',
    '',
  ])('does not name %j', (host) => {
    expect(parse({ elicitation_hosts: [host] }).success).toBe(false);
  });
});
