import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { locateHome, openFoundation, type Foundation } from '@smcp/gateway';
import type { ExitCode } from '../output/exit-codes.ts';
import { Output } from '../output/output.ts';
import type { Io } from './io.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly home?: string;
}

/** What the commands of one run share. Opens the state folder only when a command needs it, and closes it at the end. */
export class Cli implements AsyncDisposable {
  readonly io: Io;
  readonly out: Output;
  /** Set by the command that ran. */
  exitCode: ExitCode | undefined;
  #home: string | undefined;
  #foundation: Promise<Foundation> | undefined;

  constructor(io: Io) {
    this.io = io;
    this.out = new Output(io);
  }

  configure({ json, home }: GlobalOptions): void {
    this.out.json ||= json === true;
    this.#home = home;
  }

  /** Path of the state folder, whether or not it exists. */
  get stateFolder(): string {
    return locateHome({ env: this.io.env, home: this.#home });
  }

  /** Whether there is state already, so that opening it makes nothing new. */
  get hasState(): boolean {
    return existsSync(join(this.stateFolder, 'state.db')) || (this.io.env['SMCP_STORAGE_URL'] ?? '') !== '';
  }

  /** State folder, store and secrets; made at first use. */
  foundation(): Promise<Foundation> {
    this.#foundation ??= openFoundation({ env: this.io.env, home: this.#home });
    return this.#foundation;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever asked for it has been told why it could not be opened.
    const foundation = await this.#foundation?.catch(() => undefined);
    await foundation?.[Symbol.asyncDispose]();
  }
}
