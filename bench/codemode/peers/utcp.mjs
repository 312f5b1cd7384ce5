import { CodeModeUtcpClient } from '@utcp/code-mode';
import { addFunctionToUtcpDirectCall } from '@utcp/direct-call';
import { BENCH_FUNCTIONS, BENCH_TOOLS } from '../upstream/bench-tools.mjs';

const NAME = 'bench';
const MANUAL = 'bench_manual';

/** `@utcp/code-mode` with its own executor: isolated-vm in this very process, the tools behind its direct calls. */
export async function openContender() {
  // It tells of each call; not telling makes it faster.
  console.log = () => undefined;
  addFunctionToUtcpDirectCall(MANUAL, async () => ({
    utcp_version: '1.0.0',
    tools: BENCH_TOOLS.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputs: inputSchema,
      outputs: { type: 'string' },
      tags: [],
      tool_call_template: { call_template_type: 'direct-call', callable_name: `bench_${name}` },
    })),
  }));
  for (const { name, inputSchema } of BENCH_TOOLS) {
    // The values of the arguments come one by one, in the order of the call.
    const [only] = Object.keys(inputSchema.properties);
    addFunctionToUtcpDirectCall(
      `bench_${name}`,
      async (value) => await BENCH_FUNCTIONS[name]({ [only]: value }),
    );
  }
  const client = await CodeModeUtcpClient.create();
  const { success, errors } = await client.registerManual({
    name: NAME,
    call_template_type: 'direct-call',
    callable_name: MANUAL,
  });
  if (!success) {
    throw new Error(`The tools were refused: ${errors.join('; ')}`);
  }
  return {
    run: async (body) => {
      const { result, logs } = await client.callToolChain(body);
      if (result === null && logs.length > 0) {
        throw new Error(logs.join('\n'));
      }
      return result;
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
    },
  };
}
