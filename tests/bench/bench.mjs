// What `./dev bench` runs: figures of the executable alone, then the same load on it and on Parse Server.
//   node bench.mjs EXECUTABLE [NAME...]
// A name is start, import or logins, or a workload of the second half; all when missing. The second half needs PARSIMONY_SHARED with
// bench/bench.mjs (the load, each answer verified) and oracle/start-parse-server.sh.
import fs from 'node:fs';
import path from 'node:path';
import { measureLogins } from './logins.mjs';
import { measureImport, measureStarts } from './own_figures.mjs';
import { compareSideBySide, missingParts } from './side_by_side.mjs';

const kOwn = { start: measureStarts, import: measureImport, logins: measureLogins };

const [executable, ...names] = process.argv.slice(2);
if (!executable || !fs.existsSync(executable)) {
  console.error('usage: bench.mjs EXECUTABLE [NAME...]');
  process.exit(2);
}

function print({ what, value, unit, atMost }) {
  const verdict = atMost === undefined ? '' : `  (at most ${atMost})${value <= atMost ? '' : '  TOO MUCH'}`;
  console.log(`${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}${verdict}`);
}

for (const [name, measure] of Object.entries(kOwn)) {
  if (names.length === 0 || names.includes(name)) (await measure(path.resolve(executable))).forEach(print);
}

const workloads = names.filter((name) => !(name in kOwn));
if (names.length > 0 && workloads.length === 0) process.exit(0);
const missing = missingParts();
if (missing.length > 0) console.log(`\nNot compared with Parse Server: there is no ${missing.join(' and no ')}. PARSIMONY_SHARED names the folder.`);
else await compareSideBySide(path.resolve(executable), workloads);
