export { PRODUCT } from './run/version.ts';
export { openFoundation, type Foundation, type FoundationOptions } from './run/foundation.ts';
export { startGateway, type GatewayOptions, type RunningGateway } from './run/start-gateway.ts';
