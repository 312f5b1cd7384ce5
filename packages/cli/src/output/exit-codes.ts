/** How a command ends; the same for every command, and part of what scripts rely on. */
export const EXIT = {
  ok: 0,
  /** Something went wrong, or what was checked is not in order. */
  failure: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Policy says no. */
  denied: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = 'Exit codes: 0 ok, 1 failure, 2 usage or configuration error, 3 denied by policy';
