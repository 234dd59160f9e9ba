// What `./dev bench` runs: figures of the executable alone, then the same load on it and on Parse Server.
//   node bench.mjs [NAME...]
// A name is start, import, reload or logins, or a workload of the second half; all when missing. The second half needs PARSIMONY_SHARED with
// bench/bench.mjs (the load, each answer verified) and oracle/start-parse-server.sh.
import fs from 'node:fs';
import { executable } from '../support/server.mjs';
import { measureLogins } from './logins.mjs';
import { measureImport, measureReload, measureStarts } from './own_figures.mjs';
import { compareSideBySide, missingParts } from './side_by_side.mjs';

const kOwn = { start: measureStarts, import: measureImport, reload: measureReload, logins: measureLogins };

const names = process.argv.slice(2);
if (!fs.existsSync(executable)) {
  console.error(`there is no ${executable}; PARSIMONY_EXECUTABLE names another one`);
  process.exit(2);
}

function print({ what, value, unit, atMost }) {
  const verdict = atMost === undefined ? '' : `  (at most ${atMost})${value <= atMost ? '' : '  TOO MUCH'}`;
  console.log(`${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}${verdict}`);
}

for (const [name, measure] of Object.entries(kOwn)) {
  if (names.length === 0 || names.includes(name)) (await measure(executable)).forEach(print);
}

const workloads = names.filter((name) => !(name in kOwn));
if (names.length > 0 && workloads.length === 0) process.exit(0);
const missing = missingParts();
if (missing.length > 0) console.log(`\nNot compared with Parse Server: there is no ${missing.join(' and no ')}. PARSIMONY_SHARED names the folder.`);
else await compareSideBySide(executable, workloads);
