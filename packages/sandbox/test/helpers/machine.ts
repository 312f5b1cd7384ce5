import { spawnSync } from 'node:child_process';

/** Whether bubblewrap is installed and may do its work; elsewhere tests of it are skipped. */
export const machineHasBwrap =
  spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true'], { stdio: 'ignore' }).status === 0;
