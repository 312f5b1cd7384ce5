/**
 * Takes away from this process what it does not need. Scripts never reach any of it: this is for the day when one does.
 *
 * @param {() => void} onFault Called for an error that nothing handles; such a process is not to be trusted further.
 */
export function harden(onFault) {
  for (const name of Object.keys(process.env)) {
    Reflect.deleteProperty(process.env, name);
  }
  Object.defineProperty(process, 'env', { value: Object.freeze({}) });
  process.argv.length = 1;
  // Nothing is told outside of the channel, also not by Node itself.
  process.removeAllListeners('warning');
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
}
