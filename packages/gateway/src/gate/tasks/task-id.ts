import type { JsonObject, JsonValue } from '@smcp/protocol';
import type { Sealer, SealOwner } from '../../seal/index.ts';
import { ConversationError } from '../conversation/conversation-error.ts';

/** Where a task lives: the tool that made it, and the id that the server knows it by. */
export interface TaskRoute {
  readonly server: string;
  /** Of the tool. */
  readonly name: string;
  readonly task: string;
  /** The worker through whose connection it was made, where several serve: to another one's connection the server may not know it. */
  readonly worker?: number;
}

const MAX_TASK_ID_CHARS = 1024;
/** Fits into a header beside others. */
const MAX_SEALED_ID_CHARS = 6144;

/**
 * The id by which a principal, and nobody else, knows a task. Equal for equal tasks.
 *
 * @throws {ConversationError} `RESULT_INVALID` when the server's id is none that can be used.
 */
export function sealTask(
  sealer: Sealer,
  owner: SealOwner,
  {
    server,
    name,
    task,
    worker,
  }: {
    readonly server: string;
    readonly name: string;
    readonly task: JsonValue | undefined;
    readonly worker?: number | undefined;
  },
): string {
  if (typeof task !== 'string' || task === '' || task.length > MAX_TASK_ID_CHARS) {
    throw new ConversationError('RESULT_INVALID', `Server "${server}" made a task without a usable id`);
  }
  // The order of the members is part of the id.
  const payload: JsonObject = { server, name, task, ...(worker === undefined ? {} : { worker }) };
  return sealer.seal('task', payload, owner);
}

/** Where a task of this principal lives; undefined for everything else. */
export function openTask(sealer: Sealer, id: string, owner: SealOwner): TaskRoute | undefined {
  const payload = id.length > MAX_SEALED_ID_CHARS ? 'malformed' : sealer.open('task', id, owner);
  if (typeof payload === 'string') {
    return undefined;
  }
  const { server, name, task, worker } = payload;
  return typeof server === 'string' && typeof name === 'string' && typeof task === 'string'
    ? { server, name, task, ...(typeof worker === 'number' ? { worker } : {}) }
    : undefined;
}
