import type { GuestServer } from './guest-data.ts';
import type { Primordials } from './primordials.ts';

/** Calls one tool: by its raw name, or by whatever name the script wrote. */
export type Invoke = (
  server: string,
  tool: string,
  args: unknown,
  options: { readonly raw: boolean; readonly label: string },
) => Promise<unknown>;

/**
 * Makes the object under which a script finds the tools of a server. Runs inside the sandbox: refers to nothing outside of itself.
 *
 * With known tools it is a frozen object without a prototype: methods are its enumerable members, snake and raw names lead to the same functions. Without, every
 * name is a method, and the host says whether there is such a tool. Unsafe names are members of neither: `await` would call a `then`.
 */
export function createNamespaces(
  p: Primordials,
  invoke: Invoke,
  unsafeMembers: readonly string[],
): (server: GuestServer) => object {
  const unsafe = p.record();
  for (const name of unsafeMembers) p.defineProperty(unsafe, name, { value: true });

  function method(server: GuestServer, tool: string, shown: string): unknown {
    const label = `${server.alias}.${shown}`;
    const call = async (args?: unknown): Promise<unknown> =>
      invoke(server.name, tool, args, { raw: false, label });
    const raw = async (args?: unknown): Promise<unknown> =>
      invoke(server.name, tool, args, { raw: true, label });
    p.defineProperty(raw, 'name', { value: `${shown}.raw` });
    p.defineProperty(call, 'name', { value: shown });
    p.defineProperty(call, 'raw', { value: p.freeze(raw), enumerable: true });
    return p.freeze(call);
  }

  function knownNamespace(server: GuestServer): object {
    const namespace = p.record();
    for (const [tool, alias, snake] of server.tools ?? []) {
      const value = method(server, tool, alias);
      const names = [alias, snake, tool];
      for (let i = 0; i < names.length; i += 1) {
        const name = names[i] ?? '';
        if (p.hasOwn(unsafe, name) || p.hasOwn(namespace, name)) continue;
        p.defineProperty(namespace, name, { value, enumerable: i === 0 });
      }
    }
    return p.freeze(namespace);
  }

  function openNamespace(server: GuestServer): object {
    const methods = p.record();
    const no = (): boolean => false;
    return new Proxy(p.record(), {
      get(_, name) {
        if (typeof name === 'symbol' || p.hasOwn(unsafe, name)) return undefined;
        methods[name] ??= method(server, name, name);
        return methods[name];
      },
      has: (_, name) => typeof name === 'string' && !p.hasOwn(unsafe, name),
      set: no,
      defineProperty: no,
      deleteProperty: no,
      setPrototypeOf: no,
      preventExtensions: no,
    });
  }

  return (server) => (server.tools === null ? openNamespace(server) : knownNamespace(server));
}
