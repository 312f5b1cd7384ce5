import { asFields, ifTextOf, oneOf, textOf } from '../channel/fields.ts';

const TYPES = ['call', 'refusal', 'outcome', 'auth', 'system'] as const;

/** One entry on its way to the process that writes the chain. */
export interface AppendBody {
  readonly type: (typeof TYPES)[number];
  /** The entry, as it is to be written. */
  readonly json: string;
  /** Id of the call that begins or ends with it. */
  readonly call?: string | undefined;
  /** With `refusal`: whose refusals are counted together. */
  readonly caller?: string | undefined;
}

/** @throws {ChannelError} `CHANNEL_BROKEN` when it is none. */
export function asAppendBody(body: unknown): AppendBody {
  const fields = asFields(body);
  return {
    type: oneOf(fields, 'type', TYPES),
    json: textOf(fields, 'json'),
    call: ifTextOf(fields, 'call'),
    caller: ifTextOf(fields, 'caller'),
  };
}
