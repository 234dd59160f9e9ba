// What `./dev bench` runs: start, memory and import figures of the executable, then the same load on it and on Parse Server.
//   node bench.mjs EXECUTABLE [WORKLOAD...]
// The second half needs PARSIMONY_SHARED with bench/bench.mjs (the load, each answer verified) and oracle/start-parse-server.sh.
import fs from 'node:fs';
import path from 'node:path';
import { measureImport, measureStarts } from './own_figures.mjs';
import { compareSideBySide, missingParts } from './side_by_side.mjs';

const [executable, ...workloads] = process.argv.slice(2);
if (!executable || !fs.existsSync(executable)) {
  console.error('usage: bench.mjs EXECUTABLE [WORKLOAD...]');
  process.exit(2);
}

const rows = [...(await measureStarts(path.resolve(executable))), await measureImport(path.resolve(executable))];
for (const { what, value, unit, atMost } of rows) {
  const verdict = value <= atMost ? '' : '  TOO MUCH';
  console.log(`${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(2)}  (at most ${atMost})${verdict}`);
}

const missing = missingParts();
if (missing.length > 0) console.log(`\nNot compared with Parse Server: there is no ${missing.join(' and no ')}. PARSIMONY_SHARED names the folder.`);
else await compareSideBySide(path.resolve(executable), workloads);
