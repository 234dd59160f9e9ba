// Prints the longest functions and files: `./dev tidy`. It judges nothing.
import path from 'node:path';
import { longest } from './rules.mjs';

const { functions, files } = longest(path.resolve(import.meta.dirname, '../..'));
for (const [title, rows] of [['Longest functions', functions], ['Longest files', files]]) {
  console.log(`${title} (lines)`);
  for (const [lines, where] of rows) console.log(`${String(lines).padStart(6)}  ${where}`);
}
