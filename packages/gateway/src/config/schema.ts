import { z } from 'zod';

/**
 * The one description of `smcp.yaml`. Types, the published JSON Schema and the configuration reference are all made from it; `.describe()` texts
 * are what users read. Durations are whole seconds, sizes are bytes.
 */

const seconds = (max: number) => z.number().int().min(1).max(max);
const bytes = (max: number) => z.number().int().min(1024).max(max);
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/)
  .describe('1 to 64 letters, digits, `_`, `.` or `-`, starting with a letter or digit.');
const pattern = z.string().min(3).describe('A `server:tool` glob such as `slack:read_*`.');

const rate = z
  .strictObject({
    calls: z.string().regex(/^[1-9][0-9]{0,8}\/(s|min|h)$/).describe('Sustained rate such as `600/min`.'),
    burst: z.number().int().min(1).max(1_000_000).optional().describe('Calls that may come at once. Default: the number in `calls`.'),
  })
  .describe('A token bucket.');

const limits = z.strictObject({
  rate: rate.optional(),
  concurrency: z.number().int().min(1).max(100_000).optional().describe('Calls in flight at the same time.'),
});

const ruleObject = z.strictObject({
  tool: z.union([pattern, z.array(pattern).min(1)]).describe('Which tools, prompts or resources.'),
  arguments: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Named arguments to JSON Schemas; the rule matches only when each named argument is present and satisfies its schema.'),
});
const rules = z.array(z.union([pattern, ruleObject])).default([]);

const toolSettings = z.strictObject({
  rate: rate.optional(),
  concurrency: z.number().int().min(1).max(100_000).optional(),
  timeout_seconds: seconds(86_400).optional().describe('Replaces the timeout of the server for this tool.'),
  redact: z
    .array(z.string().min(1))
    .optional()
    .describe('Arguments whose values never enter the audit log, as dotted paths such as `body` or `card.number`.'),
});

const server = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional().describe('Address of an HTTP server; give either `url` or `command`.'),
  transport: z
    .enum(['auto', 'http', 'sse'])
    .default('auto')
    .describe('`http`: streamable HTTP; `sse`: the older HTTP+SSE; `auto`: streamable HTTP first, then HTTP+SSE.'),
  command: z.string().min(1).optional().describe('Program of a stdio server, found on PATH or absolute; never run through a shell.'),
  args: z.array(z.string()).default([]).describe('Arguments of `command`.'),
  env: z.record(z.string(), z.string()).default({}).describe('Environment of `command`, beside PATH and HOME. Nothing else is inherited.'),
  cwd: z.string().min(1).optional().describe('Working directory of `command`. Default: the folder of the configuration file.'),
  credential_mode: z
    .enum(['gateway', 'passthrough', 'optional'])
    .default('gateway')
    .describe('`gateway`: the stored credential; `passthrough`: the caller’s own, sent in its own header; `optional`: the caller’s if present, else the stored one.'),
  credentials: z
    .strictObject({
      headers: z.record(z.string(), z.string()).default({}).describe('Headers added to every request to `url`.'),
      env: z.record(z.string(), z.string()).default({}).describe('Secret variables added to the environment of `command`.'),
      passthrough: z
        .strictObject({
          header: z.string().optional().describe('Header that carries the caller’s own credential. Default: `X-<Server>-Token`.'),
          as: z.string().optional().describe('Header in which the upstream gets it. Default: `Authorization`.'),
          scheme: z.string().optional().describe('Word put before the value, `Bearer` unless said otherwise; empty for none.'),
          env: z.string().optional().describe('For a `command`: the variable in which the server gets it. Needs `scope: principal` or `session`.'),
        })
        .optional(),
    })
    .prefault({}),
  scope: z
    .enum(['shared', 'principal', 'session'])
    .optional()
    .describe('Who shares a connection or process. Default: `principal` for `url`, `shared` for `command`.'),
  start: z.enum(['lazy', 'eager']).default('lazy').describe('`eager` starts with the gateway, `lazy` with the first use.'),
  idle_seconds: seconds(86_400).default(600).describe('A connection or process unused for so long is stopped.'),
  start_timeout_seconds: seconds(600).default(30).describe('Time to start and answer `initialize`.'),
  timeout_seconds: seconds(86_400).default(120).describe('Time for one call.'),
  max_result_bytes: bytes(1_073_741_824).default(16 * 1024 * 1024).describe('Largest answer passed on.'),
  limits: limits.prefault({}),
  tools: z.record(z.string(), toolSettings).default({}).describe('Settings per tool; keys are tool globs.'),
  enabled: z.boolean().default(true),
});

const apiKey = z.strictObject({
  name,
  key: z.string().min(8).describe('The key itself, best as `${VAR}`; `smcp keys create` makes good ones.'),
  role: name.optional(),
  roles: z.array(name).optional(),
  expires: z.iso.datetime({ offset: true }).or(z.iso.date()).optional().describe('After this moment the key is refused.'),
  public_key: z.string().optional().describe('Ed25519 public key (JWK `x` value) with which this principal signs delegations.'),
});

const agent = z.strictObject({
  name,
  token: z.string().min(8).describe('The token itself, best as `${VAR}`; `smcp agents create` makes good ones.'),
  code_hash: z.string().regex(/^sha256:[0-9a-f]{64}$/).describe('SHA-256 of the agent’s code; another one is refused.'),
  role: name.optional(),
  roles: z.array(name).optional(),
  max_delegation_depth: z.number().int().min(0).max(16).default(0).describe('Longest delegation chain that may end at, or pass through, this agent.'),
  allowed_delegators: z
    .array(z.string().min(1))
    .default([])
    .describe('Principals that may delegate to it, such as `key:alice` or `agent:planner`. Empty: nobody.'),
  public_key: z.string().optional().describe('Ed25519 public key (JWK `x` value) with which this agent delegates further.'),
  expires: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
});

export const configSchema = z.strictObject({
  listen: z.string().default('127.0.0.1:8080').describe('Address and port; `:8080` is every address.'),
  public_url: z.url({ protocol: /^https?$/ }).optional().describe('How clients reach the gateway, when not at the listen address; audience of delegations.'),
  allowed_hosts: z.array(z.string()).default([]).describe('Host names accepted in `Host` beside loopback, the listen address and `public_url`.'),
  allowed_origins: z.array(z.string()).default([]).describe('Web origins accepted in `Origin`. Requests without `Origin` are not from a page.'),
  trusted_proxies: z.array(z.string()).default([]).describe('Addresses whose `X-Forwarded-For` is believed.'),
  naming: z.enum(['prefix', 'none']).default('prefix').describe('Names at `/mcp`: `<server>_<tool>`, or verbatim for a single server.'),
  servers: z.record(name, server).default({}),
  api_keys: z.array(apiKey).default([]),
  agents: z.array(agent).default([]),
  roles: z
    .record(name, z.strictObject({ description: z.string().optional(), allow: rules, deny: rules }))
    .default({})
    .describe('Deny wins over allow; what no rule allows is denied.'),
  policy: z.strictObject({ show_reasons: z.boolean().default(false).describe('Tell callers why a call was denied; otherwise it looks unknown.') }).prefault({}),
  limits: z
    .strictObject({
      principal: limits.prefault({}).describe('For each principal.'),
      auth_failures: rate.default({ calls: '10/min' }).describe('Failed logins per source address.'),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      idle_seconds: seconds(604_800).default(1800),
      max: z.number().int().min(1).max(1_000_000).default(10_000),
      max_per_principal: z.number().int().min(1).max(1_000_000).default(1000),
    })
    .prefault({}),
  http: z
    .strictObject({
      max_body_bytes: bytes(1_073_741_824).default(4 * 1024 * 1024),
      max_json_depth: z.number().int().min(4).max(1000).default(64),
      max_json_nodes: z.number().int().min(100).max(50_000_000).default(1_000_000),
      max_header_bytes: bytes(1_048_576).default(16 * 1024),
      header_timeout_seconds: seconds(600).default(15),
      body_timeout_seconds: seconds(600).default(30),
      keep_alive_comment_seconds: seconds(600).default(15).describe('Interval of keep-alive comments on open streams.'),
      shutdown_seconds: seconds(600).default(10).describe('How long calls in flight may take to end when the gateway stops.'),
    })
    .prefault({}),
  audit: z
    .strictObject({
      sync: z.enum(['os', 'disk']).default('os').describe('`os`: survives a killed process; `disk`: each batch is forced to disk and survives power loss.'),
      segment_bytes: bytes(1_073_741_824).default(64 * 1024 * 1024).describe('Size at which a new file begins.'),
      retention_days: z.number().int().min(1).max(36_500).optional().describe('Whole files older than this are removed. Default: kept for ever.'),
      checkpoint_records: z.number().int().min(1).max(1_000_000).default(1000).describe('A signed checkpoint after so many records.'),
      arguments: z.enum(['redacted', 'digest']).default('redacted').describe('Keep redacted arguments, or only their digest.'),
      redact_patterns: z.array(z.string()).default([]).describe('Further regular expressions (RE2) whose matches are redacted.'),
    })
    .prefault({}),
  telemetry: z
    .strictObject({
      otlp_endpoint: z.url({ protocol: /^https?$/ }).optional().describe('OTLP over HTTP, such as `http://127.0.0.1:4318`. Off unless given.'),
      otlp_headers: z.record(z.string(), z.string()).default({}),
      service_name: z.string().default('smcp-gateway'),
      sample_ratio: z.number().min(0).max(1).default(1),
      metrics: z.boolean().default(true).describe('Serve `/metrics` for Prometheus.'),
      metrics_interval_seconds: seconds(3600).default(15),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      format: z.enum(['auto', 'text', 'json']).default('auto').describe('`auto`: text on a terminal, JSON otherwise.'),
    })
    .prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type ServerConfig = Config['servers'][string];
export type ApiKeyConfig = Config['api_keys'][number];
export type AgentConfig = Config['agents'][number];
export type RateConfig = z.output<typeof rate>;
