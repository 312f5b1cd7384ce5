/**
 * - `NOT_CONTAINED` scripts cannot be contained here as configured; the message says what is missing
 * - `POOL_FULL` all runners are taken and the wait for one was too long
 * - `RUNNER_FAILED` a runner could not be started
 * - `SESSION_BUSY` the session runs a script already
 * - `CLOSED` the engine or session has been ended
 */
export type SandboxErrorCode = 'NOT_CONTAINED' | 'POOL_FULL' | 'RUNNER_FAILED' | 'SESSION_BUSY' | 'CLOSED';

/** A failure of the sandbox itself; what a script does is never one. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxError';
    this.code = code;
  }
}
