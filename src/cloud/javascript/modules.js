// require, and what the engine asks when it loads ES modules. Files are read through the host, which keeps to the project's folder.
import { ask, compile, offer } from './host.js';
import { kModuleHead } from './errors.js';
import { coreModule, isCore, isNodeModule } from './core/index.js';
import { directoryOf, findCore, isFile, packageOf, resolvePath } from './resolve.js';

const cache = Object.create(null);

const read = (file) => ask('read', { path: file }).text;

const withCode = (error, code) => Object.assign(error, { code });

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

export function resolve(specifier, directory) {
  const core = findCore(specifier);
  if (core && (isCore(core) || isNodeModule(core))) return { core };
  const file = resolvePath(specifier, directory, 'require');
  return file ? { file } : { core };
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
    return JSON.parse(read(file));
  } catch (error) {
    throw new SyntaxError(`${file}: ${error.message}`);
  }
}

const withoutShebang = (source) => source.replace(/^(\uFEFF)?#!.*/, '');

function evaluate(module, source) {
  const run = compile(`${kModuleHead}${withoutShebang(source)}\n})`, module.filename);
  run.call(module.exports, module.exports, makeRequire(module), module, module.filename, module.path);
}

let mainModule;

function loadFile(file, parent, source) {
  const known = cache[file];
  if (known) return known;
  if (isEsModule(file)) {
    const text = `The ES module ${file} cannot be loaded with require(): use import() or an import statement. It is required by ${chainOf(parent)}.`;
    throw withCode(new Error(text), 'ERR_REQUIRE_ESM');
  }
  const module = new Module(file, parent);
  cache[file] = module;
  try {
    if (file.endsWith('.json')) module.exports = parseJson(file);
    else evaluate(module, source ?? read(file));
  } catch (error) {
    delete cache[file];
    throw error;
  }
  module.loaded = true;
  return module;
}

/** .mjs, or .js in a package of the type "module". */
function isEsModule(file) {
  if (file.endsWith('.mjs')) return true;
  return file.endsWith('.js') && packageOf(file)?.type === 'module';
}

const moduleSyntax = /^\s*(?:import\s*(?:[\w*{]|['"])|export\s+(?:default\b|const\b|let\b|var\b|function\b|class\b|async\b|[{*]))/m;

/** As Node does it: a file without a declared type that only parses as an ES module is one. */
function isUndeclaredEsModule(file, source) {
  if (!file.endsWith('.js') || packageOf(file)?.type !== undefined || !moduleSyntax.test(source)) return false;
  try {
    compile(`${kModuleHead}${withoutShebang(source)}\n})`, file);
    return false;
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

const undeclared = new Set();

const importModule = (file) => compile('(file) => import(file)', file)(file);

/** Loads the main file, and waits for it if it is an ES module. */
export async function loadMain(file) {
  if (!isFile(file)) throw new Error(`There is no file ${file}.`);
  const source = read(file);
  if (isUndeclaredEsModule(file, source)) undeclared.add(file);
  if (undeclared.has(file) || isEsModule(file)) return void (await importModule(file));
  mainModule = new Module(file);
  cache[file] = mainModule;
  evaluate(mainModule, source);
  mainModule.loaded = true;
}

// ES modules. The engine asks __parsimony_resolve(importer, specifier) for the name of a module and __parsimony_source(name) for its
// text. Neither throws: what fails becomes a module that throws, so that the error reaches whoever imports.

const failures = [];

offer('__parsimony_required', (name) => {
  if (typeof name === 'number') throw failures[name];
  return name.startsWith('node:') ? coreModule(name.slice(5)) : loadFile(name, undefined).exports;
});

function failingName(error) {
  failures.push(error);
  return `failure:${failures.length - 1}`;
}

function nameOf(importer, specifier) {
  const core = findCore(specifier);
  if (core && isCore(core)) return `node:${core}`;
  if (core && isNodeModule(core)) throw withCode(new Error(`The module '${core}' of Node.js is not available in Cloud Code. It is imported by ${importer}.`), 'MODULE_NOT_FOUND');
  const file = resolvePath(specifier.replace(/^file:\/\//, ''), directoryOf(importer), 'import');
  if (!file) throw withCode(new Error(`Cannot find module '${specifier}', imported by ${importer}.`), 'MODULE_NOT_FOUND');
  return file;
}

offer('__parsimony_resolve', (importer, specifier) => {
  try {
    return /^(?:node|failure):/.test(specifier) && !specifier.startsWith('node:') ? specifier : nameOf(importer, specifier);
  } catch (error) {
    return failingName(error);
  }
});

const identifier = /^[A-Za-z_$][\w$]*$/;
const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments eval'.split(' '),
);

const exportable = (name) => identifier.test(name) && !reserved.has(name);

/** A CommonJS, JSON or core module as an ES module: its exports by name, all of it as default. */
function facadeOf(name) {
  const exports = globalThis.__parsimony_required(name);
  const isObject = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
  const names = isObject ? Object.keys(exports).filter(exportable) : [];
  const head = `const exports_ = globalThis.__parsimony_required(${JSON.stringify(name)});\nexport default exports_;\n`;
  return head + names.map((key) => `const $${key} = exports_.${key};\nexport { $${key} as ${key} };\n`).join('');
}

function metaOf(file) {
  const values = { url: `file://${encodeURI(file)}`, filename: file, dirname: directoryOf(file) };
  return `Object.assign(import.meta, ${JSON.stringify(values)}); `;
}

function sourceOf(name) {
  if (name.startsWith('failure:')) return `throw globalThis.__parsimony_required(${Number(name.slice(8))});`;
  if (name.startsWith('node:') || (!undeclared.has(name) && !isEsModule(name))) return facadeOf(name);
  const source = withoutShebang(read(name));
  return source.includes('import.meta') ? metaOf(name) + source : source;
}

offer('__parsimony_source', (name) => {
  try {
    return sourceOf(name);
  } catch (error) {
    return sourceOf(failingName(error));
  }
});

export const createRequire = (file) => makeRequire(new Module(String(file).replace(/^file:\/\//, ''), undefined));
