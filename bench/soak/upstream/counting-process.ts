import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { serveLegacyHttp } from '../../../conformance/fixture/transport/http-legacy.ts';
import { serveModernHttp } from '../../../conformance/fixture/transport/http-modern.ts';
import { serveOverStdio } from '../../../conformance/fixture/transport/stdio.ts';
import { createCounting } from './counting.ts';

/** A counting server as a process: `counting-process.ts TRANSPORT FILE [PORT]`. Writes its process id to `FILE.pid`. */
const [transport = '', file = '', port = '0'] = process.argv.slice(2);

writeFileSync(`${file}.pid`, `${process.pid}`);
const serving = { create: () => createCounting(file) };
if (transport === 'stdio') {
  await serveOverStdio(serving, 'dual');
} else {
  const serve = transport === 'http-modern' ? serveModernHttp : serveLegacyHttp;
  const { url } = await serve(serving, Number(port));
  process.send?.({ url });
  await once(process, 'disconnect');
}
process.exit(0);
