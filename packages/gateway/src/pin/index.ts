export { acceptHeld, type AcceptedChanges, type AcceptHeldOptions } from './accept-held.ts';
export { PinKeeper, type PinKeeperOptions } from './pin-keeper.ts';
export { pinNow, unpin, type PinnedNow, type PinNowOptions } from './pin-now.ts';
export { PinWatch, type PinWatchOptions } from './pin-watch.ts';
export { identityOf, type ServerIdentity } from './server-identity.ts';
