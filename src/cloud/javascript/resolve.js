// Node's rules for finding the file that a name means: relative paths, node_modules, package.json.
import { inJson } from './errors.js';
import { ask } from './host.js';

const kinds = new Map();

function kindOf(path) {
  let kind = kinds.get(path);
  if (kind === undefined) kinds.set(path, (kind = ask('stat', { path }).kind));
  return kind;
}

export const isFile = (path) => kindOf(path) === 'file';
const isDirectory = (path) => kindOf(path) === 'directory';

export const directoryOf = (file) => file.slice(0, file.lastIndexOf('/')) || '/';

export function normalize(path) {
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const packages = new Map();

function packageIn(directory) {
  if (!packages.has(directory)) {
    const file = `${directory}/package.json`;
    packages.set(directory, isFile(file) ? parsePackage(file) : undefined);
  }
  return packages.get(directory);
}

function parsePackage(file) {
  try {
    return JSON.parse(ask('read', { path: file }).text) ?? {};
  } catch (error) {
    throw new SyntaxError(inJson(file, error));
  }
}

function* ancestors(directory) {
  for (let at = directory; ; at = directoryOf(at)) {
    yield at;
    if (at === '/') return;
  }
}

/** The package.json that a file belongs to. */
export function packageOf(file) {
  for (const directory of ancestors(directoryOf(file))) {
    const found = packageIn(directory);
    if (found) return found;
    if (directory.endsWith('/node_modules')) return undefined;
  }
  return undefined;
}

const extensions = ['', '.js', '.json', '.cjs', '.mjs'];

const asFile = (path) => {
  const extension = extensions.find((end) => isFile(path + end));
  return extension === undefined ? undefined : path + extension;
};

function asDirectory(path) {
  const main = packageIn(path)?.main;
  const named = main ? normalize(`${path}/${main}`) : undefined;
  return (named && (asFile(named) ?? asFile(`${named}/index`))) ?? asFile(`${path}/index`);
}

// Builds for workers and browsers fit this engine better than those for Node, which lean on Node's own modules.
const preferred = ['workerd', 'worker', 'browser', 'default'];

/** What a value of "exports" means under these conditions, in the order in which the package lists them. */
function target(value, conditions) {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => target(item, conditions)).find(Boolean);
  for (const key of Object.keys(value ?? {})) {
    const found = conditions.includes(key) ? target(value[key], conditions) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The entry for "./sub", by name or by a pattern with one star. */
function entryOf(exports, key) {
  if (typeof exports === 'string' || Array.isArray(exports) || !Object.keys(exports)[0]?.startsWith('.')) {
    return key === '.' ? { value: exports } : undefined;
  }
  if (Object.hasOwn(exports, key)) return { value: exports[key] };
  for (const pattern of Object.keys(exports).sort((a, b) => b.length - a.length)) {
    const [before, after] = pattern.split('*');
    if (after !== undefined && key.startsWith(before) && key.endsWith(after) && key.length >= pattern.length - 1) {
      return { value: exports[pattern], star: key.slice(before.length, key.length - after.length) };
    }
  }
  return undefined;
}

function byTable(table, key, directory, kind) {
  const entry = entryOf(table, key);
  const found = entry && (target(entry.value, [kind, ...preferred]) ?? target(entry.value, [kind, 'node', ...preferred]));
  if (!found) return undefined;
  return normalize(`${directory}/${entry.star === undefined ? found : found.replaceAll('*', entry.star)}`);
}

function inPackage(directory, sub, kind) {
  const exports = packageIn(directory)?.exports;
  if (exports !== undefined && exports !== null) return byTable(exports, sub ? `./${sub}` : '.', directory, kind);
  const path = sub ? `${directory}/${sub}` : directory;
  return (sub ? asFile(path) : undefined) ?? (isDirectory(path) ? asDirectory(path) : undefined);
}

function splitName(specifier) {
  const parts = specifier.split('/');
  const name = parts.splice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  return [name, parts.join('/')];
}

function inNodeModules(specifier, from, kind) {
  const [name, sub] = splitName(specifier);
  for (const directory of ancestors(from)) {
    if (directory.endsWith('/node_modules')) continue;
    const found = normalize(`${directory}/node_modules/${name}`);
    const file = isDirectory(found) ? inPackage(found, sub, kind) : undefined;
    if (file) return file;
  }
  return undefined;
}

/** "#name" of the package's own "imports". */
function ownImport(specifier, from, kind) {
  for (const directory of ancestors(from)) {
    const imports = packageIn(directory)?.imports;
    if (imports) return byTable(imports, specifier, directory, kind);
  }
  return undefined;
}

/** The file that `specifier` means in a file of the folder `from`; `kind` is "require" or "import". */
export function resolvePath(specifier, from, kind) {
  if (specifier.startsWith('#')) return ownImport(specifier, from, kind);
  if (!/^(?:\.{0,2}\/|\.{1,2}$)/.test(specifier)) return inNodeModules(specifier, from, kind);
  const path = normalize(specifier.startsWith('/') ? specifier : `${from}/${specifier}`);
  return (specifier.endsWith('/') ? undefined : asFile(path)) ?? (isDirectory(path) ? asDirectory(path) : undefined);
}

/** "node:events" and "events" mean the same module. */
export const findCore = (specifier) => specifier.replace(/^node:/, '').replace(/\/$/, '');
