import { z } from 'zod';
import { bytes, limits, rate, seconds, textMap } from './common.ts';

export const globalLimits = z.strictObject({
  principal: limits.prefault({}).describe('Limits of each principal, all its calls together.'),
  auth_failures: rate
    .default({ calls: '10/min' })
    .describe('Failed logins accepted from one address; beyond it, the address has to wait.'),
  servers_per_principal: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe(
      'Connections and processes of its own that one principal may have at a time: those that `scope` or its own credentials make.',
    ),
});

export const sessions = z.strictObject({
  idle_seconds: seconds(604_800).default(1800).describe('A session that nobody used for so long ends.'),
  max: z.number().int().min(1).max(1_000_000).default(10_000).describe('Open sessions at the same time.'),
  max_per_principal: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1000)
    .describe('Open sessions of one principal at the same time.'),
});

export const http = z.strictObject({
  max_body_bytes: bytes(1_073_741_824)
    .default(4 * 1024 * 1024)
    .describe('Largest request body.'),
  max_json_depth: z.number().int().min(4).max(1000).default(64).describe('Deepest nesting in a message.'),
  max_json_nodes: z
    .number()
    .int()
    .min(100)
    .max(50_000_000)
    .default(1_000_000)
    .describe('Most values in one message.'),
  max_header_bytes: bytes(1_048_576)
    .default(16 * 1024)
    .describe('Largest set of request headers.'),
  header_timeout_seconds: seconds(600).default(15).describe('Time allowed to send the headers.'),
  body_timeout_seconds: seconds(600).default(30).describe('Time allowed to send the body.'),
  keep_alive_comment_seconds: seconds(600)
    .default(15)
    .describe('Interval of the comments that keep open streams alive.'),
  shutdown_seconds: seconds(600)
    .default(10)
    .describe('How long calls in flight may take to end when the gateway stops.'),
});

export const audit = z.strictObject({
  sync: z
    .enum(['os', 'disk'])
    .default('os')
    .describe(
      '`os`: records survive a killed process. `disk`: each batch is forced to disk and survives loss of power.',
    ),
  segment_bytes: bytes(1_073_741_824)
    .default(64 * 1024 * 1024)
    .describe('Size at which a new file begins.'),
  retention_days: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('Whole files older than this are removed. Default: kept for ever.'),
  checkpoint_records: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1000)
    .describe('A signed checkpoint follows after so many records.'),
  arguments: z
    .enum(['redacted', 'digest'])
    .default('redacted')
    .describe('Keep the redacted arguments of a call, or only their digest.'),
  refusals: rate
    .default({ calls: '600/min' })
    .describe(
      'Refused calls of one caller that are recorded. Beyond it they are only counted, and the next record says how many.',
    ),
  redact_patterns: z
    .array(z.string().min(1))
    .default([])
    .describe('Further regular expressions (RE2 syntax); what they match is redacted.'),
});

export const telemetry = z.strictObject({
  otlp_endpoint: z
    .url({ protocol: /^https?$/, error: 'an address that starts with https:// or http://' })
    .optional()
    .describe(
      'Where traces and metrics go: OTLP over HTTP, such as `http://127.0.0.1:4318`. Default: nowhere.',
    ),
  otlp_headers: textMap.prefault({}).describe('Headers sent to that endpoint.'),
  service_name: z.string().min(1).default('smcp-gateway').describe('Name under which the gateway reports.'),
  sample_ratio: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of traces that are kept, when the caller has not decided.'),
  metrics: z.boolean().default(true).describe('Serve `/metrics` for Prometheus.'),
  metrics_interval_seconds: seconds(3600).default(15).describe('Interval at which metrics are sent.'),
});

export const log = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least important kind of line that is written.'),
  format: z
    .enum(['auto', 'text', 'json'])
    .default('auto')
    .describe('`text` for people, `json` for machines. `auto`: text on a terminal, JSON otherwise.'),
});
