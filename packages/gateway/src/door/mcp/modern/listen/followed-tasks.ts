import type { JsonObject } from '@smcp/protocol';
import type { TaskRoute } from '../../../../gate/index.ts';
import { clientOf } from '../modern-call.ts';
import type { ModernContext } from '../modern-context.ts';
import { knowsTasks } from '../tasks.ts';
import type { Listen } from './listen.ts';

const CHANGED = 'notifications/tasks';

/** The tasks of which one stream is told, by the ids that its client knows. */
export class FollowedTasks {
  readonly #context: ModernContext;
  /** Id for the client, by server and the id that this knows. */
  readonly #ids = new Map<string, string>();

  constructor(context: ModernContext) {
    this.#context = context;
  }

  /** Begins to follow tasks. Gives those that are this principal's and of which the server says that it will tell. */
  async follow(listen: Listen, taskIds: readonly string[]): Promise<readonly string[]> {
    const { gate, caller, envelope, signal } = this.#context;
    const honoured: string[] = [];
    for (const taskId of knowsTasks(envelope.capabilities) ? taskIds : []) {
      const route = signal.aborted ? undefined : gate.openTask(taskId, caller.principal);
      if (route !== undefined && (await this.#followOne(listen, taskId, route))) {
        honoured.push(taskId);
      }
    }
    return honoured;
  }

  /** What a server says of a task goes to the client only as the gate shows it. */
  changed(server: string, params: JsonObject, listen: Listen): void {
    const { gate, caller, exchange } = this.#context;
    const { taskId } = params;
    const id = typeof taskId === 'string' ? this.#ids.get(keyOf(server, taskId)) : undefined;
    const to = { caller, client: clientOf(this.#context), labelQuestions: exchange.view.joinsServers };
    const shown = id === undefined ? undefined : gate.showTask(id, params, to);
    if (shown !== undefined) {
      listen.tell(CHANGED, shown);
    }
  }

  async #followOne(listen: Listen, taskId: string, { server, name, task }: TaskRoute): Promise<boolean> {
    const { gate, caller, method, document, signal } = this.#context;
    const key = keyOf(server, task);
    // Before the server knows, because it may tell at once.
    this.#ids.set(key, taskId);
    const reply = await gate.call({
      caller,
      door: 'mcp',
      action: { kind: 'tool', server, name },
      method,
      document,
      signal,
      task: { id: task },
      client: clientOf(this.#context),
      perform: async (upstream) => {
        await listen.attachments.followTask(upstream, task);
      },
    });
    const isFollowed = reply.ok && 'result' in reply.message;
    if (!isFollowed) {
      this.#ids.delete(key);
    }
    return isFollowed;
  }
}

function keyOf(server: string, task: string): string {
  return `${server}\n${task}`;
}
