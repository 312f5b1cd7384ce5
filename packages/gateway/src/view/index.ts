export { AggregateView, type AggregateOptions } from './aggregate-view.ts';
export { SingleView } from './single-view.ts';
export { actionKind } from './listed.ts';
export { handshakeCapabilities } from './offered-capabilities.ts';
export type { Target, View, ViewDescription, ViewList } from './view.ts';
