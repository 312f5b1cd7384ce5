import { DEFAULT_SETTINGS, type CodeModeSettings } from '@smcp/codemode';
import type { CodeModeConfig } from '../config/schema.ts';

/** `code_mode` of the configuration as code mode wants it. */
export function toCodeModeSettings(config: CodeModeConfig): CodeModeSettings {
  const { limits, sessions } = config;
  return {
    ...DEFAULT_SETTINGS,
    limits: {
      sourceBytes: limits.source_bytes,
      heapBytes: limits.heap_bytes,
      cpuMs: limits.cpu_seconds * 1000,
      wallMs: config.timeout_seconds * 1000,
      outputBytes: limits.output_bytes,
      resultBytes: limits.result_bytes,
      calls: limits.calls,
      parallelCalls: limits.parallel_calls,
      callInputBytes: limits.call_bytes,
      callOutputBytes: limits.call_bytes,
    },
    timeoutSeconds: Math.min(config.timeout_seconds, config.max_timeout_seconds),
    maxTimeoutSeconds: config.max_timeout_seconds,
    check: config.check,
    loadOnUse: config.load_on_use,
    output: config.output,
    maxReplyChars: config.max_reply_chars,
    sessions: {
      maxPerOwner: sessions.max_per_principal,
      maxPerTenant: sessions.max_per_tenant,
      max: sessions.max,
      ttlSeconds: sessions.ttl_seconds,
      idleSeconds: sessions.idle_seconds,
    },
  };
}
