import type { JSONRPCMessage, McpServer, MessageExtraInfo } from '@modelcontextprotocol/server';
import { isJsonObject, META, RPC_ERRORS, TASKS_EXTENSION } from '@smcp/protocol';

/**
 * Answers calls of some tools with the error that the tasks extension has for clients that know no tasks. The SDK turns whatever a tool throws into a result,
 * so this stands before it.
 */
export function refuseWithoutTasks({ server }: McpServer, tools: readonly string[]): void {
  const connect = server.connect.bind(server);
  server.connect = async (transport) => {
    await connect(transport);
    const { onmessage } = transport;
    const refusing = (message: JSONRPCMessage, extra?: MessageExtraInfo): void => {
      const params = 'method' in message && message.method === 'tools/call' ? message.params : undefined;
      if (!('id' in message) || params === undefined || !tools.includes(String(params['name']))) {
        onmessage?.(message, extra);
      } else if (knowsTasks(params._meta)) {
        onmessage?.(message, extra);
      } else {
        const data = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
        const error = {
          code: RPC_ERRORS.missingClientCapability,
          message: 'This tool runs as a task only',
          data,
        };
        void transport.send({ jsonrpc: '2.0', id: message.id, error });
      }
    };
    Object.assign(transport, { onmessage: refusing });
  };
}

/** @param meta `_meta` of a request, or the part of it that the SDK gives to a tool. */
export function knowsTasks(meta: Record<string, unknown> | undefined): boolean {
  const capabilities = meta?.[META.clientCapabilities];
  const extensions = isJsonObject(capabilities) ? capabilities['extensions'] : undefined;
  return isJsonObject(extensions) && Object.hasOwn(extensions, TASKS_EXTENSION);
}
