import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, it } from 'vitest';
import { EXECUTE_TOOL, HELPER_SUMMARY } from '../../src/execute/tool-entry.ts';
import { readExecuteArguments } from '../../src/execute/read-arguments.ts';
import { DEFAULT_SETTINGS } from '../../src/settings.ts';

it('EXECUTE_TOOL in a whole tools/list is at most 220 tokens [S3-01] [S3-03]', () => {
  const list = JSON.stringify({ tools: [EXECUTE_TOOL] });
  expect(encode(list).length).toBeLessThanOrEqual(220);
  expect(list.length).toBeLessThanOrEqual(1000);
});

it('EXECUTE_TOOL carries the helper summary in its input schema and names no server [S3-19] [S3-29]', () => {
  expect(JSON.stringify(EXECUTE_TOOL.inputSchema)).toContain(JSON.stringify(HELPER_SUMMARY).slice(1, -1));
  for (const helper of [
    'searchToolDocs',
    'discoveredServers',
    'queryToolDocs',
    'capabilitySummary',
    'return',
    'console.log',
  ]) {
    expect(HELPER_SUMMARY).toContain(helper);
  }
  expect(JSON.stringify(EXECUTE_TOOL)).not.toMatch(/github|slack|filesystem|list_?issues/i);
});

it('EXECUTE_TOOL takes the arguments that are read, and only these', () => {
  const names = Object.keys(EXECUTE_TOOL.inputSchema.properties);
  expect(names).toEqual(['code', 'language', 'session', 'servers', 'timeout', 'mode']);
  expect(EXECUTE_TOOL.inputSchema).toMatchObject({
    type: 'object',
    required: ['code'],
    additionalProperties: false,
  });
  const languages = EXECUTE_TOOL.inputSchema.properties.language.enum;
  for (const language of languages) {
    const options = { settings: DEFAULT_SETTINGS, languages: ['typescript', 'javascript'] as const };
    expect(readExecuteArguments({ code: '1', language }, options).language).toBe(language);
  }
});

it('EXECUTE_TOOL cannot be changed from outside', () => {
  expect(Object.isFrozen(EXECUTE_TOOL)).toBe(true);
});
