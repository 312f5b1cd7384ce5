import { EXIT } from '../output/exit-codes.ts';
import type { ErrorReport } from './error-report.ts';

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** Errors of the operating system that have a known remedy or deserve plain words; undefined for anything else. */
export function ifSystemReport(error: unknown): ErrorReport | undefined {
  if (!isSystemError(error)) return undefined;
  const { code, syscall, port, path } = error;
  if (syscall === 'listen') return listenReport(error);
  const failure = { exit: EXIT.failure, code } as const;
  const where = path ?? (port === undefined ? 'the operating system' : `port ${port}`);
  switch (code) {
    case 'ENOENT':
      return { ...failure, message: `${where} does not exist` };
    case 'EACCES':
    case 'EPERM':
      return { ...failure, message: `${where} may not be used by this user` };
    case 'ENOSPC':
      return { ...failure, message: 'The disk is full', remedy: 'make room and try again' };
    default:
      return { ...failure, message: error.message };
  }
}

function listenReport({ code, address, port, message }: SystemError): ErrorReport {
  const place = address === undefined ? `port ${port}` : `${address}:${port}`;
  const failure = { exit: EXIT.failure, code, details: { address, port } } as const;
  switch (code) {
    case 'EADDRINUSE':
      return {
        ...failure,
        message: `Another program listens on ${place} already`,
        remedy:
          'end that program, or choose another address with --listen, such as --listen 127.0.0.1:0 for any free port',
      };
    case 'EACCES':
      return {
        ...failure,
        message: `This user may not listen on ${place}`,
        remedy: 'ports below 1024 are reserved; choose a higher one with --listen',
      };
    case 'EADDRNOTAVAIL':
      return {
        ...failure,
        message: `${place} is no address of this machine`,
        remedy: 'choose another with --listen, such as --listen 127.0.0.1:8080',
      };
    default:
      return { ...failure, message };
  }
}
