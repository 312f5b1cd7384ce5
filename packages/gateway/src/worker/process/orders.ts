import { asFields, countOf, textOf } from '../channel/fields.ts';

/** What a worker has to know before it can serve. */
export interface StartOrder {
  /** Its number, from 1. */
  readonly worker: number;
  readonly workers: number;
  /** State folder. */
  readonly home: string;
  /** From `packConfig`. */
  readonly config: string;
  /** As in the options of the gateway: takes the place of `listen` in the file. */
  readonly listen?: string | undefined;
  /** Where the primary listens. */
  readonly address: string;
  readonly family: string;
  readonly port: number;
  /** Folder of the private sockets. */
  readonly sockets: string;
  /** Secret of the workers of this start. */
  readonly token: string;
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when it is none. */
export function asStartOrder(body: unknown): StartOrder {
  const fields = asFields(body);
  return {
    worker: countOf(fields, 'worker'),
    workers: countOf(fields, 'workers'),
    home: textOf(fields, 'home'),
    config: textOf(fields, 'config'),
    listen: fields['listen'] === undefined ? undefined : textOf(fields, 'listen'),
    address: textOf(fields, 'address'),
    family: textOf(fields, 'family'),
    port: countOf(fields, 'port'),
    sockets: textOf(fields, 'sockets'),
    token: textOf(fields, 'token'),
  };
}
