// require, by Node's rules. Files are read through the host, which keeps to the project's folder.
import { compile, compileModule } from './host.js';
import { inJson, kOwnPrefix } from './errors.js';
import { coreModule, isCore, isNodeModule } from './core/index.js';
import { compileCommonJs, isEsModule, sourceOf } from './formats.js';
import { directoryOf, findCore, isFile, packageOf, resolvePath } from './resolve.js';

const cache = Object.create(null);

export const withCode = (error, code) => Object.assign(error, { code });

/** How a file came to be loaded, for errors: "a.js, required by b.js, required by main.js". */
function chainOf(module) {
  const files = [];
  for (let at = module; at; at = at.parent) files.push(at.filename);
  return files.join(', required by ');
}

function loadCore(name, parent) {
  if (isCore(name)) return coreModule(name);
  const text = `The module '${name}' of Node.js is not available in Cloud Code. It is required by ${chainOf(parent)}.`;
  throw withCode(new Error(text), 'MODULE_NOT_FOUND');
}

/** {core} or {file}, or neither. */
function resolve(specifier, directory) {
  const core = findCore(specifier);
  return isNodeModule(core) ? { core } : { file: resolvePath(specifier, directory, 'require') };
}

function notFound(specifier, parent) {
  return withCode(new Error(`Cannot find module '${specifier}', required by ${chainOf(parent)}.`), 'MODULE_NOT_FOUND');
}

class Module {
  constructor(filename, parent) {
    Object.assign(this, { id: filename, filename, path: directoryOf(filename), exports: {}, parent, loaded: false, children: [] });
    parent?.children.push(this);
  }
  require(specifier) {
    if (typeof specifier !== 'string' || specifier === '') throw new TypeError('require needs the name of a module.');
    return requireFrom(this, specifier);
  }
}

function requireFrom(parent, specifier) {
  if (isReplacedByNothing(specifier, parent)) return {};
  const { core, file } = resolve(specifier, parent.path);
  if (core) return loadCore(core, parent);
  if (!file) throw notFound(specifier, parent);
  return loadFile(file, parent).exports;
}

/** A package may say in "browser" that it does without a module of Node's. */
function isReplacedByNothing(specifier, { filename }) {
  if (!filename.includes('/node_modules/') || !isNodeModule(findCore(specifier))) return false;
  return packageOf(filename)?.browser?.[specifier] === false;
}

function makeRequire(module) {
  const require = (specifier) => module.require(specifier);
  require.resolve = (specifier) => {
    const { core, file } = resolve(specifier, module.path);
    if (!core && !file) throw notFound(specifier, module);
    return core ?? file;
  };
  require.cache = cache;
  require.main = mainModule;
  return require;
}

function parseJson(file) {
  try {
    return JSON.parse(sourceOf(file));
  } catch (error) {
    throw new SyntaxError(inJson(file, error));
  }
}

function evaluate(module) {
  const run = compileCommonJs(sourceOf(module.filename), module.filename);
  run.call(module.exports, module.exports, makeRequire(module), module, module.filename, module.path);
}

/** As in Node: the namespace, or what the module exports under the name "module.exports". */
function requireEsModule(file, parent) {
  const loaded = compileModule(`import * as namespace from ${JSON.stringify(file)}; export { namespace };`, `${kOwnPrefix}require`);
  if (loaded instanceof Promise) {
    const text = `The ES module ${file} awaits while it loads: use import() instead of require(). It is required by ${chainOf(parent)}.`;
    throw withCode(new Error(text), 'ERR_REQUIRE_ASYNC_MODULE');
  }
  return loaded.namespace['module.exports'] ?? loaded.namespace;
}

let mainModule;

export function loadFile(file, parent) {
  const known = cache[file];
  if (known) return known;
  const module = new Module(file, parent);
  cache[file] = module;
  try {
    if (file.endsWith('.json')) module.exports = parseJson(file);
    else if (isEsModule(file)) module.exports = requireEsModule(file, parent);
    else evaluate(module);
  } catch (error) {
    delete cache[file];
    throw error;
  }
  module.loaded = true;
  return module;
}

const importModule = (file) => compile('(file) => import(file)', file)(file);

/** Loads the main file, and waits for it if it is an ES module. */
export async function loadMain(file) {
  if (!isFile(file)) throw new Error(`There is no file ${file}.`);
  if (isEsModule(file)) return void (await importModule(file));
  mainModule = new Module(file);
  cache[file] = mainModule;
  evaluate(mainModule);
  mainModule.loaded = true;
}

/** What a module exports that the host names: a path from the folder, or a package. */
export async function loadNamed(specifier, from) {
  const file = resolvePath(specifier, from, 'require') ?? resolvePath(`./${specifier}`, from, 'require');
  if (!file) throw withCode(new Error(`Cannot find module '${specifier}' in ${from}.`), 'MODULE_NOT_FOUND');
  return isEsModule(file) ? importModule(file) : loadFile(file, undefined).exports;
}

export const createRequire = (file) => makeRequire(new Module(String(file).replace(/^file:\/\//, ''), undefined));
