import { z } from 'zod';
import { pinning } from './pinning.ts';
import {
  bytes,
  concurrency,
  hostGlob,
  limits,
  name,
  rate,
  record,
  scope,
  seconds,
  textMap,
} from './common.ts';

const toolSettings = z.strictObject({
  rate: rate.optional().describe('How many calls of this tool per time, all callers together.'),
  concurrency: concurrency.optional().describe('Calls of this tool in flight at the same time.'),
  timeout_seconds: seconds(86_400).optional().describe('Replaces the timeout of the server for this tool.'),
  redact: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'Arguments whose values never enter the audit log, as dotted paths such as `body` or `card.number`.',
    ),
  scopes: z
    .array(scope)
    .max(64)
    .optional()
    .describe(
      'OAuth scopes that this tool needs beside `required_scopes` of the server, from callers with a token of an external issuer.',
    ),
});

const passthrough = z.strictObject({
  header: z
    .string()
    .optional()
    .describe('Header in which callers send their own credential. Default: `X-<Server>-Token`.'),
  as: z
    .string()
    .optional()
    .describe('Header in which the upstream receives it. Default: `Authorization`. Only with `url`.'),
  scheme: z
    .string()
    .optional()
    .describe('Word put before the value. Default: `Bearer`; empty for none. Only with `url`.'),
  env: z
    .string()
    .optional()
    .describe(
      'Variable in which the process receives it. Only with `command`, and needs `scope: principal` or `session`.',
    ),
});

const credentials = z.strictObject({
  headers: textMap
    .prefault({})
    .describe(
      'Headers added to every request to `url`, such as `Authorization`. Headers that the protocol itself uses are refused.',
    ),
  env: textMap.prefault({}).describe('Secret variables added to the environment of `command`.'),
  passthrough: passthrough
    .optional()
    .describe('How a caller’s own credential travels, for the modes `passthrough` and `optional`.'),
});

const server = z
  .strictObject({
    description: z
      .string()
      .max(500)
      .optional()
      .describe('What the server is for, in a sentence. Scripts and their discovery show it.'),
    url: z
      .url({ protocol: /^https?$/, error: 'an address that starts with https:// or http://' })
      .optional()
      .describe('Address of a server reached over HTTP.'),
    transport: z
      .enum(['auto', 'http', 'sse'])
      .default('auto')
      .describe(
        '`http`: streamable HTTP. `sse`: the older HTTP+SSE. `auto`: streamable HTTP first, then HTTP+SSE.',
      ),
    era: z
      .enum(['auto', 'modern', 'handshake'])
      .default('auto')
      .describe(
        'Which MCP the server speaks. `modern`: 2026-07-28. `handshake`: 2025-11-25 and older, as with `transport: sse` always. `auto`: found out when it is reached.',
      ),
    command: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Program of a server that speaks over standard input and output: a name found on PATH, or an absolute path. No shell is involved.',
      ),
    args: z.array(z.string()).default([]).describe('Arguments of `command`, one per item.'),
    env: textMap
      .prefault({})
      .describe('Environment of `command`, beside `PATH` and `HOME`. Nothing else is inherited.'),
    allow_dangerous_env: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Variables that change which code a process runs or where it connects (`LD_PRELOAD`, `NODE_OPTIONS`, `PATH`, `HTTPS_PROXY` …) are refused in `env` unless named here.',
      ),
    cwd: z
      .string()
      .min(1)
      .optional()
      .describe('Working directory of `command`. Default: the folder of the configuration file.'),
    credential_mode: z
      .enum(['gateway', 'passthrough', 'optional'])
      .default('gateway')
      .describe(
        '`gateway`: the credential stored here. `passthrough`: the caller’s own, sent in its own header. `optional`: the caller’s if present, else the stored one.',
      ),
    credentials: credentials.prefault({}).describe('What the upstream wants to see; callers never do.'),
    scope: z
      .enum(['shared', 'principal', 'session'])
      .optional()
      .describe(
        'Who shares one connection or process: everybody, the calls of one caller, or one session. Default: `principal` for `url`, `shared` for `command`.',
      ),
    start: z
      .enum(['lazy', 'eager'])
      .default('lazy')
      .describe(
        '`eager` starts together with the gateway and goes on running (with `scope: shared` only), `lazy` starts with the first use and ends when idle.',
      ),
    idle_seconds: seconds(86_400)
      .default(600)
      .describe('A connection or process that nobody used for so long is stopped.'),
    start_timeout_seconds: seconds(600)
      .default(30)
      .describe('Time allowed to start and to answer `initialize`.'),
    timeout_seconds: seconds(86_400).default(120).describe('Time allowed for one call.'),
    max_result_bytes: bytes(1_073_741_824)
      .default(16 * 1024 * 1024)
      .describe('Largest answer that is passed on.'),
    limits: limits.prefault({}).describe('Limits of this server, all callers together.'),
    tools: record(z.string(), toolSettings)
      .prefault({})
      .describe('Settings of single tools. Keys are globs over tool names, without the server part.'),
    required_scopes: z
      .array(scope)
      .max(64)
      .default([])
      .describe(
        'OAuth scopes that every call of this server needs, from callers with a token of an external issuer.',
      ),
    pinning: pinning
      .prefault({})
      .describe('How definitions of tools and prompts are kept from changing unseen.'),
    may_ask: z
      .array(z.enum(['elicitation', 'sampling', 'roots']))
      .max(3)
      .default(['elicitation', 'roots'])
      .describe(
        'What this server may ask clients for in the middle of a call: `elicitation` (a form or a page for the user), `sampling` (an answer of the client’s model), `roots` (folders). A client is asked only for what it declared.',
      ),
    elicitation_hosts: z
      .array(hostGlob)
      .max(100)
      .default([])
      .describe(
        'Hosts beside that of `url` to whose pages this server may send users, such as `login.example.com` or `*.example.com`. Only over https.',
      ),
    enabled: z.boolean().default(true).describe('`false` keeps the entry but hides the server.'),
  })
  .meta({ oneOf: [{ required: ['url'] }, { required: ['command'] }] });

export const servers = record(name, server);
