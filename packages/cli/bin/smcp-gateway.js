#!/usr/bin/env node
// The gateway alone: `smcp-gateway --config FILE` is `smcp gateway --config FILE`.
import { launch } from './launch.js';

await launch([...process.argv.slice(0, 2), 'gateway', ...process.argv.slice(2)]);
