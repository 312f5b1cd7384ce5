// Tries what a runner must not be able to do and writes what happened to descriptor 3: for each attempt "done" or the code of the error. Plain JavaScript: it
// runs behind the layers, where only this folder is mounted. Arguments: port of a listener of the host, a file of the host, a folder of the host, bytes that
// must not be had.
import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const [port, file, folder, bytes] = process.argv.slice(2);

function attempt(action) {
  try {
    action();
    return 'done';
  } catch (error) {
    return error.code ?? error.name;
  }
}

function connect() {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port: Number(port) });
    socket.setTimeout(2000, () => resolve('timeout'));
    socket.once('connect', () => resolve('done'));
    socket.once('error', (error) => resolve(error.code));
  });
}

function datagram() {
  return new Promise((resolve) => {
    try {
      const socket = dgram.createSocket('udp4');
      socket.once('error', (error) => resolve(error.code));
      socket.bind(0, '127.0.0.1', () => resolve('done'));
    } catch (error) {
      resolve(error.code);
    }
  });
}

function spawnSelf() {
  const { error, signal } = spawnSync(process.execPath, ['--version'], { timeout: 2000 });
  if (error !== undefined || signal !== null) {
    throw error ?? new Error(signal);
  }
}

const report = {
  environment: Object.keys(process.env),
  connect: await connect(),
  datagram: await datagram(),
  readFile: attempt(() => readFileSync(file)),
  readFolder: attempt(() => readdirSync(folder)),
  processes: attempt(() => readdirSync('/proc/1')),
  write: attempt(() => writeFileSync(path.join(import.meta.dirname, 'written'), '')),
  writeRoot: attempt(() => writeFileSync('/written', '')),
  spawn: attempt(spawnSelf),
  memory: attempt(() => Buffer.alloc(Number(bytes), 1)),
};
writeSync(3, JSON.stringify(report));
process.exit(0);
