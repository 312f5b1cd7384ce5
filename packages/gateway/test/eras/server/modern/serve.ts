import type { RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { World } from '../world.ts';
import { buildModernServer, type ModernHost } from './build-server.ts';
import type { ModernTasks } from './task-tools.ts';

export function serveModernStdio(world: World): void {
  serveStdio(() => buildModernServer({ world, tasks: new Map() }), { legacy: 'reject' });
}

/** Streamable HTTP without sessions: a fresh server for each request. */
export function modernHttp(world: World): RequestListener {
  const tasks: ModernTasks = new Map();
  const handler = createMcpHandler(() => buildModernServer({ world, tasks, announce }), { legacy: 'reject' });
  const announce: ModernHost['announce'] = {
    changed: (what) => handler.notify[`${what}Changed`](),
    updated: (uri) => handler.notify.resourceUpdated(uri),
  };
  return toNodeHandler(handler) as RequestListener;
}
