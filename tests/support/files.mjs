// Folders of JSON files for the import and what came out of an export.
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './server.mjs';

// Writes {name: content} into a new folder; content is text, or a value that becomes JSON.
export function folderOf(files) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return folder;
}

// {name: bytes as text} of every file below a folder.
export function filesOf(folder) {
  const names = fs.readdirSync(folder, { recursive: true }).filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')]));
}

// The rows of one fixture file, in either of its two forms.
export function rowsOf(folder, name) {
  const content = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  return Array.isArray(content) ? content : content.results;
}

// The SQLite file of a data folder, found by its first bytes; that of the log is another.
export function databaseFile(dataDir) {
  const isDatabase = (name) => {
    const file = path.join(dataDir, name);
    return name !== 'logs.db' && fs.statSync(file).isFile() && fs.readFileSync(file).subarray(0, 15).toString() === 'SQLite format 3';
  };
  const found = fs.readdirSync(dataDir).filter(isDatabase);
  if (found.length !== 1) throw new Error(`expected one database in ${dataDir}, found ${found.join(', ') || 'none'}`);
  return path.join(dataDir, found[0]);
}
