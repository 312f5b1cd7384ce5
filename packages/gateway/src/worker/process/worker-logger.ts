import type { LeveledLogger } from '../../telemetry/index.ts';

/** The same logger, whose lines say which worker they come from. */
export function workerLogger(logger: LeveledLogger, worker: number): LeveledLogger {
  return {
    debug: (message, fields) => {
      logger.debug(message, { worker, ...fields });
    },
    info: (message, fields) => {
      logger.info(message, { worker, ...fields });
    },
    warn: (message, fields) => {
      logger.warn(message, { worker, ...fields });
    },
    error: (message, fields) => {
      logger.error(message, { worker, ...fields });
    },
    get level() {
      return logger.level;
    },
    setLevel: (level) => {
      logger.setLevel(level);
    },
  };
}
