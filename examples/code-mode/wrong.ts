#!/usr/bin/env -S smcp run --role reader --config smcp.yaml
// A mistake in the last line: nothing is run, the first call is not made either.

console.log(await everything.echo({ message: 'you will not see this' }));
console.log(await everything.getSum({ a: 1, b: '2' }));
