import { isDeepStrictEqual } from 'node:util';
import type { Stage } from './stage.ts';
import { Transcript, type ModelRequest } from './transcript.ts';
import type { Workflow } from './workflow.ts';

/** The requests to a model for one piece of work, in each way of doing it. */
export interface Measured {
  readonly name: string;
  readonly calls: number;
  /** One call per turn. */
  readonly plain: readonly ModelRequest[];
  /** Calls that do not need each other's results in one turn. */
  readonly batched: readonly ModelRequest[];
  /** One script; the declarations have been read in an earlier turn of the conversation and stand in every prompt. */
  readonly script: readonly ModelRequest[];
  /** The same, reading the declarations first. */
  readonly discovering: readonly ModelRequest[];
}

const EXPORT = 'export_changes';
const DISCOVER =
  "return (await queryToolDocs('accounting', { detail: 'full' })).map((tool) => tool.declaration).join('\\n');";

/**
 * Does a piece of work in both ways, each against books of its own, and counts.
 *
 * @throws {Error} When a call or script fails, or the two ways differ in their answer or in what they changed.
 */
export async function measure(workflow: Workflow, plainStage: Stage, scriptStage: Stage): Promise<Measured> {
  const plain = await runPlain(workflow, plainStage);
  const script = await runScript(workflow, scriptStage);
  assertSame(workflow, 'answer', plain.answer, script.answer);
  const [left, right] = await Promise.all([
    plainStage.call(EXPORT, {}),
    scriptStage.call('smcp_execute', { code: `return await accounting.exportChanges();` }),
  ]);
  assertSame(workflow, 'changes', JSON.parse(left.text), JSON.parse(right.text));
  return {
    name: workflow.name,
    calls: plain.calls,
    plain: plain.single.requests,
    batched: plain.batched.requests,
    script: script.knowing.requests,
    discovering: script.discovering.requests,
  };
}

async function runPlain(
  { plain, task }: Workflow,
  stage: Stage,
): Promise<{
  readonly answer: unknown;
  readonly calls: number;
  readonly single: Transcript;
  readonly batched: Transcript;
}> {
  const tools = (await stage.tools()).filter(({ name }) => name !== EXPORT);
  const single = new Transcript(tools);
  const batched = new Transcript(tools);
  single.user(task);
  batched.user(task);
  let calls = 0;
  const answer = await plain(async (...asked) => {
    const made = [];
    for (const { tool, args } of asked) {
      const { text, isError, ms } = await stage.call(tool, args);
      if (isError) {
        throw new Error(`${tool} failed: ${text}`);
      }
      calls += 1;
      made.push({ name: tool, args, result: text, ms });
      single.calls([{ name: tool, args, result: text }], ms);
    }
    // A client makes the calls of one turn at the same time.
    batched.calls(made, Math.max(0, ...made.map(({ ms }) => ms)));
    return made.map(({ result }) => JSON.parse(result));
  });
  single.answer(spoken(answer));
  batched.answer(spoken(answer));
  return { answer, calls, single, batched };
}

async function runScript(
  { script, task }: Workflow,
  stage: Stage,
): Promise<{ readonly answer: unknown; readonly knowing: Transcript; readonly discovering: Transcript }> {
  const tools = await stage.tools();
  const knowing = new Transcript(tools);
  const discovering = new Transcript(tools);
  const docs = await execute(stage, { code: DISCOVER });
  knowing.user(DISCOVER);
  knowing.user(docs.text);
  knowing.user(task);
  discovering.user(task);
  discovering.calls([{ name: 'smcp_execute', args: { code: DISCOVER }, result: docs.text }], docs.ms);
  const args = { code: script };
  const { text, ms } = await execute(stage, args);
  const call = [{ name: 'smcp_execute', args, result: text }];
  knowing.calls(call, ms);
  discovering.calls(call, ms);
  const answer: unknown = JSON.parse(text);
  knowing.answer(spoken(answer));
  discovering.answer(spoken(answer));
  return { answer, knowing, discovering };
}

async function execute(
  stage: Stage,
  args: { readonly code: string },
): Promise<{ readonly text: string; readonly ms: number }> {
  const { text, isError, ms } = await stage.call('smcp_execute', args);
  if (isError) {
    throw new Error(`The script failed: ${text}\n${args.code}`);
  }
  return { text, ms };
}

/** What the model tells the user: the same in both ways. */
function spoken(answer: unknown): string {
  return `Done. ${JSON.stringify(answer)}`;
}

function assertSame({ name }: Workflow, what: string, left: unknown, right: unknown): void {
  if (!isDeepStrictEqual(left, right)) {
    throw new Error(`${name}: the ${what} differ\n${JSON.stringify(left)}\n${JSON.stringify(right)}`);
  }
}
