import { z } from 'zod';
import { bytes, count, hostGlob, seconds } from './common.ts';

const MIB = 1024 * 1024;

const scriptLimits = z.strictObject({
  source_bytes: bytes(4 * MIB)
    .default(256 * 1024)
    .describe('Largest script.'),
  heap_bytes: bytes(256 * MIB)
    .default(64 * MIB)
    .describe('Memory of one script. The process around it has a hard limit as well.'),
  cpu_seconds: seconds(3600).default(10).describe('Processor time of one script.'),
  output_bytes: bytes(64 * MIB)
    .default(MIB)
    .describe('What one script may print; what is over is dropped and said to be.'),
  result_bytes: bytes(64 * MIB)
    .default(8 * MIB)
    .describe('Largest value that a script may return.'),
  calls: count.default(1000).describe('Calls of tools in one script.'),
  parallel_calls: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(16)
    .describe('Calls of one script under way at the same time; more wait.'),
  call_bytes: bytes(64 * MIB)
    .default(8 * MIB)
    .describe('Largest arguments, and largest result, of one call.'),
});

const runners = z.strictObject({
  warm: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(2)
    .describe('Processes that stand ready before anybody asks, about 50 MB each.'),
  max: z.number().int().min(1).max(1000).default(16).describe('Processes in all.'),
  max_per_principal: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe('Processes that serve one principal at the same time.'),
});

const scriptSessions = z.strictObject({
  max_per_principal: count.default(4).describe('Script sessions of one principal.'),
  max_per_tenant: count.default(64).describe('Script sessions of one tenant.'),
  max: count
    .default(256)
    .describe(
      'Script sessions in all. Each has a process of its own, which counts in `runners.max` too; at most three quarters of those are for sessions.',
    ),
  ttl_seconds: seconds(604_800).default(28_800).describe('Longest life of a script session.'),
  idle_seconds: seconds(86_400).default(900).describe('A script session that nobody used for so long ends.'),
});

/** `code_mode` of the file. */
export const codeMode = z.strictObject({
  level: z
    .enum(['pooled', 'oneshot'])
    .default('pooled')
    .describe(
      '`pooled`: a process runs script after script of the same principal. `oneshot`: every script has a process of its own.',
    ),
  containment: z
    .enum(['auto', 'required'])
    .default('auto')
    .describe(
      '`required` refuses to run scripts unless the machine has bubblewrap with seccomp. `auto` uses them where they are; `smcp doctor` says which layers are active.',
    ),
  check: z
    .boolean()
    .default(true)
    .describe('Check scripts against the types of the tools before anything runs.'),
  load_on_use: z
    .boolean()
    .default(true)
    .describe('Whether a script may use servers that its call did not name in `servers`.'),
  add_servers: z
    .array(hostGlob)
    .max(100)
    .default([])
    .describe(
      'Hosts whose MCP servers scripts may add for their session (`servers.add`), such as `mcp.example.com` or `*.example.com`. Only over https. Each is decided by policy as a call of `smcp:add_server`, and its tools as `added.<name>:<tool>`.',
    ),
  output: z
    .enum(['compact', 'toon', 'json'])
    .default('compact')
    .describe('How results are written for the model.'),
  max_reply_chars: z
    .number()
    .int()
    .min(1000)
    .max(10_000_000)
    .default(20_000)
    .describe('Longer results are cut in the middle; scripts can fetch what was cut.'),
  timeout_seconds: seconds(86_400).default(30).describe('Time for one script when its call names none.'),
  max_timeout_seconds: seconds(86_400).default(120).describe('Longest time that a call may name.'),
  limits: scriptLimits.prefault({}).describe('Bounds of one script; exceeding one ends that script alone.'),
  runners: runners.prefault({}).describe('Processes that run scripts.'),
  sessions: scriptSessions.prefault({}).describe('Script sessions, which keep variables between scripts.'),
});
