import { StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as HandshakeStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HandshakeHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Era } from '@smcp/protocol';
import type { EraClient } from './era-client.ts';
import { connectHandshakeClient } from './handshake-client.ts';
import { connectModernClient } from './modern-client.ts';

/** A client of an era that reaches an address over Streamable HTTP. */
export async function connectOverHttp(era: Era, url: string, token?: string): Promise<EraClient> {
  const options =
    token === undefined ? {} : { requestInit: { headers: { authorization: `Bearer ${token}` } } };
  return era === 'modern'
    ? await connectModernClient(new ModernHttp(new URL(url), options))
    : await connectHandshakeClient(new HandshakeHttp(new URL(url), options));
}

/** A client of an era that starts the server itself. */
export async function connectOverStdio(
  era: Era,
  program: { readonly command: string; readonly args: string[] },
): Promise<EraClient> {
  return era === 'modern'
    ? await connectModernClient(new ModernStdio(program))
    : await connectHandshakeClient(new HandshakeStdio(program));
}

/** A handshake-era client over the older HTTP+SSE. */
export async function connectOverSse(url: string): Promise<EraClient> {
  return await connectHandshakeClient(new SSEClientTransport(new URL(url)));
}
