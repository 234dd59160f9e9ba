// Looking at a data folder from outside of the server: its write-ahead log, and the integrity of its database.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { databaseFile } from './files.mjs';
import { temporaryFolder } from './server.mjs';

const kWalHeaderBytes = 32;
const kFrameHeaderBytes = 24;

// The commits in a write-ahead log, after https://www.sqlite.org/fileformat2.html#walformat: a frame whose header names the size of the
// database after the commit ends a transaction. Frames of an earlier round of the log carry other salts than the log's header.
export function walCommits(dataDir) {
  const wal = fs.readFileSync(`${databaseFile(dataDir)}-wal`);
  if (wal.length < kWalHeaderBytes) return { salt: '', commits: 0 };
  const pageBytes = wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24).toString('hex');
  let commits = 0;
  for (let at = kWalHeaderBytes; at + kFrameHeaderBytes + pageBytes <= wal.length; at += kFrameHeaderBytes + pageBytes) {
    if (wal.subarray(at + 8, at + 16).toString('hex') !== salt) break;
    if (wal.readUInt32BE(at + 4) !== 0) commits++;
  }
  return { salt, commits };
}

// What `PRAGMA integrity_check` says of a copy of the data folder, so that the folder itself stays as the server left it.
export function integrityCheck(dataDir) {
  const copy = path.join(temporaryFolder(), 'copy');
  fs.cpSync(dataDir, copy, { recursive: true });
  try {
    return execFileSync('sqlite3', [databaseFile(copy), 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim();
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('the program sqlite3 is missing; ./dev setup installs it', { cause: error });
    throw error;
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
}
