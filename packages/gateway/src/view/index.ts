export { AggregateView, type AggregateOptions } from './aggregate-view.ts';
export { SingleView } from './single-view.ts';
export { actionKind } from './listed.ts';
export type { Target, View, ViewDescription } from './view.ts';
