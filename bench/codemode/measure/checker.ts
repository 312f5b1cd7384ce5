import {
  createScriptChecker,
  declareServer,
  GLOBAL_DECLARATIONS,
  nameServers,
  nameTools,
  type ToolDefinition,
} from '@smcp/codemode';
import type { CheckerFigures } from '../figures.ts';
import { timed, timedOften } from './clock.ts';

const TOOLS = 100;
const SERVER = 'records';
const MAX_DESCRIPTION_CHARS = 400;
const DECLARATIONS = 10;
/** Calls of the script, each with its lines: with the last one 50. */
const CALLS = 7;

type Declared = { readonly name: string; readonly text: string };

/**
 * Measures checking a script of 50 lines against the declarations of 100 tools.
 *
 * @throws {Error} When a right script is refused, or a wrong one is not.
 */
export async function measureChecker(checks: number): Promise<CheckerFigures> {
  await using checker = createScriptChecker();
  const tools = Array.from({ length: TOOLS }, (_, at) => generatedTool(at));
  let declarations = declare(tools);
  const declareMs = await timedOften(DECLARATIONS, async () => {
    declarations = declare(tools);
  });
  const check = async (mark: string, wrong = false): Promise<void> => {
    const code = generatedScript(mark, wrong);
    const { ok } = await checker.check({ code, language: 'typescript', name: 'script.ts', declarations });
    if (ok === wrong) {
      throw new Error(`The checker took a ${wrong ? 'wrong' : 'right'} script for the other`);
    }
  };
  const firstMs = await timed(async () => await check('first'));
  await check('wrong', true);
  const warmMs = await timedOften(checks, async (at) => await check(`warm ${at}`));
  const againMs = await timedOften(checks, async () => await check('first'));
  const declarationBytes = declarations.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const lines = generatedScript('', false).split('\n').length;
  return { lines, tools: TOOLS, declarationBytes, declareMs, firstMs, warmMs, againMs };
}

function declare(tools: readonly ToolDefinition[]): readonly Declared[] {
  const options = { maxDescriptionChars: MAX_DESCRIPTION_CHARS };
  return [
    { name: 'globals.d.ts', text: GLOBAL_DECLARATIONS },
    ...nameServers([SERVER]).map((server) => ({
      name: `${server.alias}.d.ts`,
      text: declareServer(server, nameTools(tools), options).text,
    })),
  ];
}

/** A tool with what tools of business systems have: an enumeration, a nested object, a list, optional members, a described result. */
export function generatedTool(at: number): ToolDefinition {
  return {
    name: `update_record_${at}`,
    title: undefined,
    annotations: undefined,
    description: `Changes records of kind ${at}, and gives what they are afterwards.`,
    inputSchema: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Number of the record' },
        state: { type: 'string', enum: ['open', 'held', 'closed'] },
        owner: {
          type: 'object',
          properties: { name: { type: 'string' }, mail: { type: 'string', format: 'email' } },
          required: ['name'],
        },
        tags: { type: 'array', items: { type: 'string' } },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
      required: ['id', 'state'],
    },
    outputSchema: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        total: { type: 'number' },
        changed: {
          type: 'array',
          items: { type: 'object', properties: { field: { type: 'string' }, at: { type: 'number' } } },
        },
      },
      required: ['id', 'total', 'changed'],
    },
  };
}

/** A script of 50 lines over seven of the tools; a wrong one has a state that there is not. */
export function generatedScript(mark: string, wrong: boolean): string {
  const calls = Array.from(
    { length: CALLS },
    (_, at) => `const changed${at} = await ${SERVER}.updateRecord${at * 7}({
  id: 'record ${at}',
  state: '${wrong && at === 3 ? 'gone' : 'open'}',
  owner: { name: 'Ada' },
});
const fields${at} = changed${at}.changed.map(({ field }) => field ?? '');
const total${at}: number = changed${at}.total + fields${at}.length;`,
  );
  const totals = calls.map((_, at) => `total${at}`).join(' + ');
  return `${calls.join('\n')}\nreturn ${totals}; // ${mark}`;
}
