// Records the answers of a running Parse Server: PARSE_SERVER_URL=http://host:port/parse node tests/differential/record.mjs [TOPIC...]
// The server needs an empty database and the settings that docs/compatibility.md names.
import fs from 'node:fs';
import { exchange, recordedFile, stepsOf, topics } from './exchange.mjs';

const baseUrl = process.env.PARSE_SERVER_URL;
if (!baseUrl) {
  console.error('Set PARSE_SERVER_URL to the address of a running Parse Server, for example http://127.0.0.1:1337/parse');
  process.exit(2);
}

const chosen = process.argv.slice(2);
const failures = [];
for (const topic of chosen.length ? chosen : topics) {
  const lines = [];
  for await (const { step, answer, failure } of exchange(baseUrl, await stepsOf(topic))) {
    if (failure) failures.push(`${topic}: ${step.name}: ${failure.message}`);
    else lines.push(`  ${JSON.stringify(step.name)}: ${JSON.stringify(answer)}`);
  }
  fs.writeFileSync(recordedFile(topic), `{\n${lines.join(',\n')}\n}\n`);
  console.log(`${topic}: ${lines.length} answers`);
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length ? 1 : 0;
