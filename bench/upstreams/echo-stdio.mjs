import { answerTo } from './echo-server.mjs';

// Answers that belong to one chunk of input leave in one write.
let rest = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  let out = '';
  for (const line of lines) {
    const answer = line === '' ? undefined : answerTo(line);
    if (answer !== undefined) {
      out += `${answer}\n`;
    }
  }
  if (out !== '') {
    process.stdout.write(out);
  }
});
process.stdin.on('end', () => {
  process.exit(0);
});
