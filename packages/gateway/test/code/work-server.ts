import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import type { Certificate } from '../hostile/make-certificate.ts';

export interface Work {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** A server that says afterwards what it was made to do. */
export interface WorkServer extends AsyncDisposable {
  readonly url: string;
  /** Calls in the order in which they arrived. */
  readonly done: readonly Work[];
  /** Names of the tools called, in order. */
  readonly names: readonly string[];
  /** Calls under way, and the most that ever were at the same time. */
  readonly underWay: () => number;
  readonly peak: () => number;
  /** Calls that were cancelled while they were under way. */
  readonly cancelled: () => number;
  forget(): void;
}

const READS = { readOnlyHint: true };

/** A server over HTTP, or HTTPS with a certificate, in this process: tools that read, write, wait, fail and repeat what they were given. */
export async function startWorkServer(certificate?: Certificate): Promise<WorkServer> {
  const done: Work[] = [];
  let [underWay, peak, cancelled] = [0, 0, 0];

  const build = (): McpServer => {
    const server = new McpServer({ name: 'work', version: '1' });
    const tool = (
      name: string,
      inputSchema: z.ZodRawShape,
      answer: (args: Record<string, unknown>) => string | Error,
      annotations = {},
    ): void => {
      const description = `Does ${name}`;
      server.registerTool(name, { description, inputSchema, annotations }, async (args, extra) => {
        done.push({ tool: name, args, headers: extra.requestInfo?.headers ?? {}, meta: extra._meta ?? {} });
        underWay += 1;
        peak = Math.max(peak, underWay);
        const ms = typeof args['ms'] === 'number' ? args['ms'] : 0;
        await sleep(ms, undefined, { signal: extra.signal }).catch(() => {
          cancelled += 1;
        });
        underWay -= 1;
        const said = answer(args);
        return said instanceof Error
          ? { content: [{ type: 'text' as const, text: said.message }], isError: true }
          : { content: [{ type: 'text' as const, text: said }] };
      });
    };
    tool('echo', { text: z.string() }, ({ text }) => String(text), READS);
    tool('wait', { ms: z.number(), tag: z.string().optional() }, ({ tag }) => `waited ${String(tag)}`, READS);
    tool('fail', { why: z.string() }, ({ why }) => new Error(String(why)));
    tool('pay', { to: z.string(), amount: z.number() }, ({ to, amount }) =>
      JSON.stringify({ paid: amount, to }),
    );
    tool('note', { text: z.string(), secret: z.string().optional() }, ({ text }) => `noted ${String(text)}`);
    tool('drop', { name: z.string() }, ({ name }) => `dropped ${String(name)}`);
    tool('list', {}, () => JSON.stringify([{ id: 1 }, { id: 2 }]), READS);
    return server;
  };

  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
    });
    await build().connect(transport);
    return transport;
  };
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const id = request.headers['mcp-session-id'];
      const transport = id === undefined ? await open() : sessions.get(String(id));
      if (transport === undefined) response.writeHead(404).end();
      else await transport.handleRequest(request, response);
    })();
  };
  const http = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http${certificate === undefined ? '' : 's'}://127.0.0.1:${port}/mcp`,
    done,
    get names() {
      return done.map(({ tool }) => tool);
    },
    underWay: () => underWay,
    peak: () => peak,
    cancelled: () => cancelled,
    forget: () => {
      done.length = 0;
      [peak, cancelled] = [0, 0];
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
