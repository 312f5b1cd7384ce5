export { BuiltinServer, type BuiltinContext } from './builtin-server.ts';
export type { BuiltinCall, BuiltinService } from './builtin-service.ts';
