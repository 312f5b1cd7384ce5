import type { JsonValue } from '@smcp/protocol';
import type { NamedServer } from '../bindings/named.ts';
import type { LoadedServer } from '../execute/run-servers.ts';
import type { GuestData, GuestServer, GuestTool } from './guest-data.ts';

export interface GuestDataOptions {
  readonly servers: readonly NamedServer[];
  readonly ifLoaded: (server: NamedServer) => LoadedServer | undefined;
  readonly discovered: GuestData['discovered'];
  readonly summary: string;
  readonly mode: GuestData['mode'];
  readonly loadOnUse: boolean;
  readonly args: JsonValue | undefined;
}

/** The JSON text that the prelude is given. */
export function guestDataOf({ servers, ifLoaded, ...rest }: GuestDataOptions): string {
  const data: GuestData = {
    ...rest,
    servers: servers.map((server) => toGuestServer(server, ifLoaded(server))),
  };
  return JSON.stringify(data);
}

function toGuestServer({ name, alias, snake }: NamedServer, loaded: LoadedServer | undefined): GuestServer {
  const tools = loaded?.tools.map(({ definition, alias, snake }): GuestTool => [
    definition.name,
    alias,
    snake,
  ]);
  return { name, alias, snake, loaded: loaded !== undefined, tools: tools ?? null };
}
