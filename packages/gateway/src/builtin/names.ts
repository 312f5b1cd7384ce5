/** Server whose tool `smcp_execute` runs scripts. It stands in policies and records; no configured server may have its name. */
export const CODE_SERVER = 'smcp';
/** Server whose tools are saved scripts. */
export const SCRIPTS_SERVER = 'scripts';
/** Names of servers that scripts add begin so: no rule about a configured server speaks of them. */
export const ADDED_PREFIX = 'added.';
