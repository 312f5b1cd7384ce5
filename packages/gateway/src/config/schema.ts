import { z } from 'zod';
import { servers } from './schema/server.ts';
import { agents, apiKeys } from './schema/identity.ts';
import { jwtIssuers } from './schema/jwt-issuers.ts';
import { approvals } from './schema/approvals.ts';
import { codeMode } from './schema/code-mode.ts';
import { policy, roles } from './schema/roles.ts';
import { audit, globalLimits, http, log, sessions, telemetry } from './schema/operation.ts';
import type { rate } from './schema/common.ts';

/**
 * The one description of `smcp.yaml`. Types, the published JSON Schema and the configuration reference are all made from it; `.describe()` texts
 * are what users read. Durations are whole seconds, sizes are bytes. What one key says about another is checked in `checks/`.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('Address of the JSON Schema, for editors. The gateway ignores it.'),
  listen: z
    .string()
    .default('127.0.0.1:8080')
    .describe(
      'Address and port to listen on. `:8080` means every address of the machine, port 0 any free port.',
    ),
  workers: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Processes that serve. Each has connections to servers, and child processes, of its own.'),
  public_url: z
    .url({ protocol: /^https?$/, error: 'an address that starts with https:// or http://' })
    .optional()
    .describe(
      'How clients reach the gateway, when not at the listen address. Also the audience of delegations.',
    ),
  allowed_hosts: z
    .array(z.string())
    .default([])
    .describe('Host names accepted in `Host`, beside loopback, the listen address and `public_url`.'),
  allowed_origins: z
    .array(z.string())
    .default([])
    .describe(
      'Web origins accepted in `Origin`, such as `https://app.example.com`. Requests that are not from a web page have none.',
    ),
  trusted_proxies: z
    .array(z.string())
    .default([])
    .describe('Addresses or networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` is believed.'),
  naming: z
    .enum(['prefix', 'none'])
    .default('prefix')
    .describe('Tool names at `/mcp`. `prefix`: `<server>_<tool>`. `none`: as they are, for a single server.'),
  servers: servers
    .prefault({})
    .describe('The MCP servers behind the gateway, by name. Each has either `url` or `command`.'),
  api_keys: apiKeys
    .default([])
    .describe(
      'Static keys of people and programs. Further ones may live in the store, made by `smcp keys create`.',
    ),
  agents: agents
    .default([])
    .describe('Registered agents. Further ones may live in the store, made by `smcp agents create`.'),
  jwt_issuers: jwtIssuers
    .prefault({})
    .describe(
      'Issuers of access tokens that are accepted, by name: an identity provider whose users log in here.',
    ),
  roles: roles
    .prefault({})
    .describe('Roles by name. Deny wins over ask, ask over allow, and what no rule covers is denied.'),
  policy: policy.prefault({}).describe('How decisions are told.'),
  approvals: approvals.prefault({}).describe('Calls that a person has to approve: those of `ask` rules.'),
  code_mode: codeMode
    .optional()
    .describe(
      'Scripts at `/code`, for callers who may use the tool `smcp:smcp_execute`. Absent: there is no `/code`.',
    ),
  limits: globalLimits.prefault({}).describe('Limits of callers. Servers and tools have their own.'),
  sessions: sessions.prefault({}).describe('MCP sessions of clients.'),
  http: http.prefault({}).describe('Bounds of what the gateway reads from the network.'),
  audit: audit.prefault({}).describe('The record of every call.'),
  telemetry: telemetry.prefault({}).describe('OpenTelemetry and Prometheus.'),
  log: log.prefault({}).describe('What the gateway writes to standard error.'),
});

export type Config = z.output<typeof configSchema>;
export type ServerConfig = Config['servers'][string];
export type CodeModeConfig = NonNullable<Config['code_mode']>;
export type ApprovalsConfig = Config['approvals'];
export type ApiKeyConfig = Config['api_keys'][number];
export type AgentConfig = Config['agents'][number];
export type JwtIssuerConfig = Config['jwt_issuers'][string];
export type RateConfig = z.output<typeof rate>;
