// The private folder of one server: its config file, the fixtures that were given as objects, and its ready file. It is the server's
// working folder, too, so that nothing in the project's folder configures the server by accident.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

const isPath = (value) => typeof value === 'string' || value instanceof URL;
const toPath = (value) => path.resolve(value instanceof URL ? fileURLToPath(value) : value);

// Class definitions: paths of files and folders, one definition, a list of them, or {definitions: […]} with what else the option takes.
function schemaOption(schema) {
  const list = [schema].flat();
  if (list.every(isPath)) return list.map(toPath);
  if (list.some(isPath)) throw new TypeError('parsimony-test: schema is either paths or class definitions, not both');
  return list.length === 1 && list[0].className === undefined ? list[0] : { definitions: list };
}

// Dates become Parse's dates. createdAt and updatedAt of a row are plain text in Parse.
function jsonOf(rows) {
  const isRow = new Set(rows);
  const withDates = function (key, value) {
    return types.isDate(this[key]) && !(isRow.has(this) && /^(created|updated)At$/.test(key)) ? { __type: 'Date', iso: value } : value;
  };
  return JSON.stringify(rows, withDates);
}

function writeFixtures(fixtures, folder) {
  fs.mkdirSync(folder);
  for (const [name, rows] of Object.entries(fixtures)) {
    if (!/^\w+(:\w+:\w+)?$/.test(name)) {
      throw new TypeError(`parsimony-test: fixtures are {Class: [objects], "_Join:field:Class": [rows]}; "${name}" is no name of a class`);
    }
    if (!Array.isArray(rows)) throw new TypeError(`parsimony-test: the fixtures of ${name} must be a list of objects`);
    fs.writeFileSync(path.join(folder, `${name}.json`), jsonOf(rows));
  }
  return folder;
}

function configOf({ schema, fixtures, cloud, ...others }, folder) {
  const config = { profile: 'dev', host: '127.0.0.1', port: 0, ...others };
  if (schema !== undefined) config.schema = schemaOption(schema);
  if (fixtures !== undefined) config.fixtures = isPath(fixtures) ? toPath(fixtures) : writeFixtures(fixtures, path.join(folder, 'fixtures'));
  if (cloud !== undefined) config.cloud = toPath(cloud);
  return config;
}

// In memory where the system has such a place: there a start does not wait for the disk.
function base() {
  const memory = '/dev/shm';
  try {
    fs.accessSync(memory, fs.constants.W_OK);
    return memory;
  } catch {
    return os.tmpdir();
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

// The empty folders that killed test processes have left.
function removeAbandoned(folder) {
  for (const name of fs.readdirSync(folder)) {
    const pid = /^parsimony-backend-(\d+)-/.exec(name)?.[1];
    if (!pid || isRunning(Number(pid))) continue;
    try {
      fs.rmdirSync(path.join(folder, name));
    } catch {
      continue; // another's, or not empty
    }
  }
}

// {path, config, readyFile, empty(), remove()}. Only the owner can read it: it holds keys. A server that serves needs none of its files,
// so that it is emptied then, and a test process that is killed leaves no more than an empty folder, which the next start removes.
export function prepareFolder(options) {
  removeAbandoned(base());
  const folder = fs.mkdtempSync(path.join(base(), `parsimony-backend-${process.pid}-`));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  const empty = () => {
    for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  };
  try {
    const config = path.join(folder, 'config.json');
    fs.writeFileSync(config, JSON.stringify(configOf(options, folder)));
    return { path: folder, config, readyFile: path.join(folder, 'ready.json'), empty, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
