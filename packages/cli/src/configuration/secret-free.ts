import type { LoadedConfig, ServerConfig } from '@smcp/gateway';

/** How and where a server is reached, without anything that came from `${…}` or stands in a credential field. */
export function whereOf(server: ServerConfig, { secretValues }: Pick<LoadedConfig, 'secretValues'>): string {
  const where =
    server.url === undefined ? [server.command, ...server.args].join(' ') : withoutUser(server.url);
  return secretValues.reduce((text, secret) => text.replaceAll(secret, '…'), where);
}

function withoutUser(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}
