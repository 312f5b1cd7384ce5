import type { LimitName } from '../limits.ts';
import type { ScriptFailure } from '../outcome.ts';
import { isValueTooDeep } from './json-depth.ts';
import { Members } from './members.ts';
import type { DoneMessage, FromRunner } from './messages.ts';
import { ProtocolError } from './protocol-error.ts';

const MAX_NAME_LENGTH = 200;
const MAX_TEXT_LENGTH = 64 * 1024;

const LIMIT_NAMES: readonly LimitName[] = [
  'sourceBytes',
  'heapBytes',
  'cpuMs',
  'wallMs',
  'outputBytes',
  'resultBytes',
  'calls',
  'parallelCalls',
  'callInputBytes',
  'callOutputBytes',
];
const TYPES = ['ready', 'call', 'output', 'done'] as const;
const STATUSES = ['ok', 'error', 'timeout', 'memory', 'limit'] as const;
const STREAMS = ['stdout', 'stderr'] as const;

/**
 * Reads one frame that a runner sent.
 *
 * Checks the shape only: whether the run number is the current one, and whether texts that should be JSON are, is for the reader to see. Names and texts
 * of errors are cut to a sane length.
 *
 * @throws {ProtocolError} When it is not exactly one of the messages of a runner.
 */
export function parseFromRunner(frame: Buffer): FromRunner {
  const members = new Members('message', parseJson(frame));
  const type = members.oneOf('type', TYPES);
  switch (type) {
    case 'ready':
      members.only(['type', 'pid', 'jitless']);
      return { type, pid: members.count('pid'), jitless: members.flag('jitless') };
    case 'call':
      members.only(['type', 'run', 'call', 'name', 'input']);
      return {
        type,
        run: members.count('run'),
        call: members.count('call'),
        name: members.text('name'),
        input: members.text('input'),
      };
    case 'output':
      members.only(['type', 'run', 'stream', 'text']);
      return {
        type,
        run: members.count('run'),
        stream: members.oneOf('stream', STREAMS),
        text: members.text('text'),
      };
    case 'done':
      break;
  }
  return parseDone(members);
}

function parseDone(members: Members): DoneMessage {
  members.only(['type', 'run', 'status', 'limit', 'value', 'error', 'cpuMs', 'heapBytes', 'kept']);
  const status = members.oneOf('status', STATUSES);
  const limit = members.has('limit') ? members.oneOf('limit', LIMIT_NAMES) : undefined;
  if (status === 'limit' && limit === undefined) {
    throw new ProtocolError('Message "done" does not say which limit');
  }
  return {
    type: 'done',
    run: members.count('run'),
    status,
    limit,
    value: members.has('value') ? members.text('value') : undefined,
    error: members.has('error') ? parseFailure(members.value('error')) : undefined,
    cpuMs: members.amount('cpuMs'),
    heapBytes: members.amount('heapBytes'),
    kept: members.flag('kept'),
  };
}

function parseFailure(value: unknown): ScriptFailure {
  const members = new Members('error', value);
  members.only(['name', 'message', 'line', 'column', 'stack', 'details']);
  const details = members.value('details');
  if (isValueTooDeep(details)) {
    throw new ProtocolError('Details of an error are nested too deep');
  }
  return {
    name: members.shortText('name', MAX_NAME_LENGTH),
    message: members.shortText('message', MAX_TEXT_LENGTH),
    ...(members.has('line') ? { line: members.count('line') } : {}),
    ...(members.has('column') ? { column: members.count('column') } : {}),
    ...(members.has('stack') ? { stack: members.shortText('stack', MAX_TEXT_LENGTH) } : {}),
    ...(details === undefined ? {} : { details }),
  };
}

function parseJson(frame: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame));
  } catch (cause) {
    throw new ProtocolError('Frame is not JSON in UTF-8', { cause });
  }
}
