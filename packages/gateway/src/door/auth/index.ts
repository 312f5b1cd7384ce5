export { bearerChallenge, stepUpChallenge, type Challenge } from './challenge.ts';
export { MetadataDoor } from './metadata-door.ts';
export { resourceUri } from './resource-address.ts';
export { ResourceServer, type ResourceMetadata, type ResourceServerOptions } from './resource-server.ts';
