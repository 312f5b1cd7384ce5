import { openFoundation, serveGateway } from '@smcp/gateway';

/** A gateway as a process of its own: `gateway-process.ts CONFIG STATE_FOLDER`. Tells its parent the address once it listens; ends with it. */
const [file = '', home = ''] = process.argv.slice(2);

const foundation = await openFoundation({ env: process.env, home });
const gateway = await serveGateway({ foundation, file });

let stopping = false;
const stop = async (): Promise<void> => {
  if (!stopping) {
    stopping = true;
    await gateway[Symbol.asyncDispose]();
    await foundation[Symbol.asyncDispose]();
    process.exit(0);
  }
};
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void stop());
process.send?.({ url: gateway.url });
