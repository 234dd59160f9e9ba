// The reading part of Node's fs, for the project's own files. Nothing can be written: files belong into Parse.File.
import { ask } from '../host.js';
import { normalize } from '../resolve.js';
import { process } from './process.js';

const pathOf = (path) => {
  const text = path instanceof URL ? decodeURIComponent(path.pathname) : String(path);
  return normalize(text.startsWith('/') ? text : `${process.cwd()}/${text}`);
};

const kindOf = (path) => ask('stat', { path: pathOf(path) }).kind;

function checkExists(path, call) {
  if (kindOf(path) !== 'none') return;
  throw Object.assign(new Error(`ENOENT: no such file or directory, ${call} '${path}'`), {
    code: 'ENOENT',
    syscall: call,
    path: String(path),
  });
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

const later =
  (run) =>
  async (...args) =>
    run(...args);

export const promises = {
  readFile: later(readFileSync),
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
  readdirSync,
  createReadStream,
  createWriteStream,
  writeFile,
  appendFile,
  mkdir,
  unlink,
  rm,
  readdir,
  watch,
] = [
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'unlinkSync',
  'rmSync',
  'readdirSync',
  'createReadStream',
  'createWriteStream',
  'writeFile',
  'appendFile',
  'mkdir',
  'unlink',
  'rm',
  'readdir',
  'watch',
].map(refuse);
