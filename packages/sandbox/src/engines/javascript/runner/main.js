// The process that runs scripts. Plain JavaScript: under --jitless there is no WebAssembly, without which Node takes no types out.
import { prepareStartup } from './isolate/startup.js';
import { harden } from './process/harden.js';
import { leave } from './process/leave.js';
import { Runner } from './runner.js';
import { openChannel } from './wire/channel.js';

const CHANNEL_FD = 3;
const PATIENCE_MS = 1000;

harden(leave);
const runner = new Runner({
  send: (message) => channel.send(message),
  retire: () => channel.finish(leave, PATIENCE_MS),
  startup: prepareStartup(),
});
const channel = openChannel({
  fd: CHANNEL_FD,
  onMessage: (message) => runner.handle(message),
  onClosed: leave,
});
channel.send({ type: 'ready', pid: process.pid, jitless: !('WebAssembly' in globalThis) });
