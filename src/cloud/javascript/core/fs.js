// The reading part of Node's fs, for the project's own files. Nothing can be written: files belong into Parse.File.
import { ask } from '../host.js';
import { normalize } from '../resolve.js';
import { process } from './process.js';

const pathOf = (path) => {
  const text = path instanceof URL ? decodeURIComponent(path.pathname) : String(path);
  return normalize(text.startsWith('/') ? text : `${process.cwd()}/${text}`);
};

const kindOf = (path) => ask('stat', { path: pathOf(path) }).kind;

const failure = (code, text, syscall, path) =>
  Object.assign(new Error(`${code}: ${text}, ${syscall} '${path}'`), { code, syscall, path: String(path) });

function checkExists(path, call) {
  if (kindOf(path) === 'none') throw failure('ENOENT', 'no such file or directory', call, path);
}

export function readFileSync(path, options) {
  checkExists(path, 'open');
  const { text } = ask('read', { path: pathOf(path) });
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding ? text : Buffer.from(text);
}

export const existsSync = (path) => kindOf(path) !== 'none';
export const accessSync = (path) => checkExists(path, 'access');

export function statSync(path, { throwIfNoEntry = true } = {}) {
  if (throwIfNoEntry) checkExists(path, 'stat');
  const kind = kindOf(path);
  if (kind === 'none') return undefined;
  return { isFile: () => kind === 'file', isDirectory: () => kind === 'directory', isSymbolicLink: () => false };
}

export const lstatSync = statSync;
export const realpathSync = (path) => (checkExists(path, 'realpath'), pathOf(path));

class Dirent {
  #kind;
  constructor(name, parentPath, kind) {
    Object.assign(this, { name, parentPath, path: parentPath });
    this.#kind = kind;
  }
  isFile() {
    return this.#kind === 'file';
  }
  isDirectory() {
    return this.#kind === 'directory';
  }
  isSymbolicLink() {
    return this.#kind === 'link';
  }
}

const kMaxEntries = 10000;

/** [{name, kind}] of a folder, and of those in it: names with their folders, each folder after the one that holds it. Links stay links. */
function entriesBelow(path) {
  const found = [];
  for (const folders = ['']; folders.length; ) {
    const folder = folders.shift();
    for (const { name, kind } of ask('readdir', { path: `${path}/${folder}` }).entries) {
      if (found.length === kMaxEntries) throw new Error(`The folder ${path} holds more than ${kMaxEntries} entries.`);
      found.push({ name: folder + name, kind });
      if (kind === 'directory') folders.push(`${folder}${name}/`);
    }
  }
  return found;
}

function direntOf({ name, kind }, path) {
  const at = name.lastIndexOf('/') + 1;
  return new Dirent(name.slice(at), at ? `${path}/${name.slice(0, at - 1)}` : path, kind);
}

export function readdirSync(path, options) {
  const { withFileTypes, recursive } = options ?? {};
  checkExists(path, 'scandir');
  if (kindOf(path) !== 'directory') throw failure('ENOTDIR', 'not a directory', 'scandir', path);
  const entries = recursive ? entriesBelow(pathOf(path)) : ask('readdir', { path: pathOf(path) }).entries;
  return entries.map((entry) => (withFileTypes ? direntOf(entry, String(path).replace(/(.)\/+$/, '$1')) : entry.name));
}

const later =
  (run) =>
  async (...args) =>
    run(...args);

export const promises = {
  readFile: later(readFileSync),
  readdir: later(readdirSync),
  access: later(accessSync),
  stat: later(statSync),
  lstat: later(statSync),
  realpath: later(realpathSync),
};

const withCallback =
  (run) =>
  (...args) => {
    const callback = args.pop();
    run(...args).then((value) => callback(null, value), callback);
  };

export const readFile = withCallback(promises.readFile);
export const readdir = withCallback(promises.readdir);
export const access = withCallback(promises.access);
export const stat = withCallback(promises.stat);
export const lstat = stat;
export const exists = (path, callback) => queueMicrotask(() => callback(existsSync(path)));
export const constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 };

const refuse = (name) => () => {
  throw new Error(`fs.${name} is not available in Cloud Code: it reads files of its own folder only. Use Parse.File to store files.`);
};

export const [
  writeFileSync,
  appendFileSync,
  mkdirSync,
  unlinkSync,
  rmSync,
  createReadStream,
  createWriteStream,
  writeFile,
  appendFile,
  mkdir,
  unlink,
  rm,
  watch,
] = [
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'unlinkSync',
  'rmSync',
  'createReadStream',
  'createWriteStream',
  'writeFile',
  'appendFile',
  'mkdir',
  'unlink',
  'rm',
  'watch',
].map(refuse);
