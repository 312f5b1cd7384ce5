import type { LoadedConfig } from '../config/index.ts';
import type { ServerContext } from '../gate/index.ts';
import { openCodeMode, type OpenCodeModeOptions, type OpenedCodeMode } from './open-code-mode.ts';

export interface CodeModeParts extends Pick<
  OpenCodeModeOptions,
  'store' | 'gate' | 'now' | 'searchPath' | 'onOutput' | 'isCurrent'
> {
  /** The configuration in force. Whether there is code mode, and how it behaves, is read once. */
  readonly loaded: () => LoadedConfig;
  /** What the servers of the configuration are made with. */
  readonly context: Omit<ServerContext, 'folder' | 'maxPerPrincipal'>;
}

/** Opens the code mode of a configuration; undefined when it has none. */
export function ifCodeMode({ loaded, context, ...parts }: CodeModeParts): OpenedCodeMode | undefined {
  const { code_mode: config } = loaded().config;
  if (config === undefined) {
    return undefined;
  }
  return openCodeMode({
    ...parts,
    config,
    context: () => ({
      ...context,
      folder: loaded().folder,
      maxPerPrincipal: loaded().config.limits.servers_per_principal,
    }),
    showReasons: () => loaded().config.policy.show_reasons,
    holdsSecret: (text) => loaded().secretValues.some((secret) => text.includes(secret)),
  });
}
