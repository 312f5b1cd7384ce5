import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditLog } from '../audit/index.ts';
import type { AdminDoorDeps } from '../door/admin/admin-door.ts';
import type { HttpDoor } from '../door/http/http-door.ts';
import type { AuthenticatorOptions, IdentityService } from '../identity/index.ts';
import type { LeveledLogger } from '../telemetry/index.ts';
import type { HandOver } from '../worker/hand-over/hand-over.ts';
import type { Counters } from './counters.ts';

/** What a gateway tells about itself at its management addresses. */
export type AdminSources = Pick<AdminDoorDeps, 'problems' | 'metrics'>;

/** The door before all others. */
export interface SharedDoor extends HttpDoor, HandOver {
  /** Messages that other processes are answering through this one. */
  readonly inFlight: number;
  /** Address of the client of a request, also of one that came to another process first. */
  sourceOf(request: IncomingMessage): string;
}

/** What a process has together with the others that serve beside it. Then it announces and records neither its start nor its reloads. */
export interface SharedParts {
  /** Which of how many processes this is, from 1. */
  readonly worker: number;
  readonly workers: number;
  readonly audit: AuditLog;
  readonly counters: Counters;
  readonly openIdentity: (options: AuthenticatorOptions) => Promise<IdentityService>;
  /** The logger of this process, made of one that does not tell processes apart. */
  readonly logger: (own: LeveledLogger) => LeveledLogger;
  /** Where clients connect: known before this process serves. */
  readonly address: AddressInfo;
  /** Takes the place of listening at that address. */
  readonly serve: (server: Server) => Promise<void>;
  /** The door before all others, given how this process finds the address of a client that came to it. */
  readonly door: (source: (request: IncomingMessage) => string) => SharedDoor;
  /** What is told of all processes, given what this one tells of itself. */
  readonly admin: (own: AdminSources) => AdminSources;
}
