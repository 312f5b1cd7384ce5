/** The tools that scripts call: the same functions in the process of each contender, and behind the gateway over stdio. */
export const BENCH_TOOLS = [
  {
    name: 'echo',
    description: 'Echoes back the input',
    inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  },
  {
    name: 'wait',
    description: 'Answers after a time',
    inputSchema: { type: 'object', properties: { ms: { type: 'integer' } }, required: ['ms'] },
  },
  {
    name: 'big',
    description: 'Gives a long text',
    inputSchema: { type: 'object', properties: { chars: { type: 'integer' } }, required: ['chars'] },
  },
];

/** Their implementations by name: arguments in, text out. */
export const BENCH_FUNCTIONS = {
  echo: async ({ message }) => `Echo: ${message}`,
  wait: async ({ ms }) => await new Promise((resolve) => setTimeout(resolve, ms, 'waited')),
  big: async ({ chars }) => 'x'.repeat(chars),
};
