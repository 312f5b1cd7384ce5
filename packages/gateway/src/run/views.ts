import type { Gate } from '../gate/index.ts';
import type { ListKind } from '../catalog/index.ts';
import type { Logger } from '../telemetry/index.ts';
import { AggregateView, SingleView, type View } from '../view/index.ts';

export interface ViewsOptions {
  readonly gate: Gate;
  readonly naming: 'prefix' | 'none';
  readonly info: { readonly name: string; readonly version: string };
  readonly logger: Logger;
  readonly onLate: (server: string, kind: ListKind) => void;
}

/** The view of each endpoint: of one server by name, or (`undefined`) of all. Made anew with each state of the gate. */
export function createViews(options: ViewsOptions): (server: string | undefined) => View | undefined {
  const { gate, naming } = options;
  const { servers } = gate.state;
  const single = new Map([...servers].map(([name, entry]) => [name, new SingleView(gate, entry)]));
  const listed = new Map([...servers].filter(([, { isListed }]) => isListed));
  const [only = ''] = listed.keys();
  const all: View =
    (naming === 'none' ? single.get(only) : undefined) ?? new AggregateView({ ...options, servers: listed });
  return (server) => (server === undefined ? all : single.get(server));
}
