import type { Principal } from '@smcp/policy';
import type { ServerConfig } from '../config/schema.ts';
import type { GateToolSettings } from './tool-settings.ts';

const NOTHING: readonly string[] = Object.freeze([]);

/**
 * Which OAuth scopes a call needs that its caller was not granted. They narrow what the policy allows and never allow anything themselves.
 *
 * @param server Its `required_scopes` count for whatever is asked of it.
 * @param tool Settings of the tool that is called; absent for prompts, resources and the rest.
 * @returns Each missing scope once, those of the server first. Empty for a principal that did not come with an OAuth token: its authority is its roles.
 */
export function missingScopes(
  server: Pick<ServerConfig, 'required_scopes'>,
  tool: Pick<GateToolSettings, 'scopes'> | undefined,
  principal: Pick<Principal, 'scopes'>,
): readonly string[] {
  const granted = principal.scopes;
  const ofTool = tool?.scopes ?? NOTHING;
  // The frequent case costs no allocation.
  if (granted === undefined || (server.required_scopes.length === 0 && ofTool.length === 0)) return NOTHING;
  const missing = new Set([...server.required_scopes, ...ofTool]);
  for (const scope of granted) missing.delete(scope);
  return missing.size === 0 ? NOTHING : [...missing];
}
