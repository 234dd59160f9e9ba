// require, and what the engine asks when it loads ES modules. Files are read through the host, which keeps to the project's folder.
import { ask, compile, compileModule, offer } from './host.js';
import { kModuleHead, kOwnPrefix } from './errors.js';
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

function loadFile(file, parent, source) {
  const known = cache[file];
  if (known) return known;
  const module = new Module(file, parent);
  cache[file] = module;
  try {
    if (file.endsWith('.json')) module.exports = parseJson(file);
    else if (isEsModule(file)) module.exports = requireEsModule(file, parent);
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
// text; what they throw reaches whoever imports.

const kRequired = '__parsimony_required';

offer(kRequired, (name) => (name.startsWith('node:') ? coreModule(name.slice(5)) : loadFile(name, undefined).exports));

offer('__parsimony_resolve', (importer, specifier) => {
  const core = findCore(specifier);
  if (isCore(core)) return `node:${core}`;
  if (isNodeModule(core)) {
    throw withCode(
      new Error(`The module '${core}' of Node.js is not available in Cloud Code. It is imported by ${importer}.`),
      'MODULE_NOT_FOUND',
    );
  }
  const file = resolvePath(specifier.replace(/^file:\/\//, ''), directoryOf(importer), 'import');
  if (!file) throw withCode(new Error(`Cannot find module '${specifier}', imported by ${importer}.`), 'MODULE_NOT_FOUND');
  return file;
});

const identifier = /^[A-Za-z_$][\w$]*$/;
const reserved = new Set([
  ...['await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'export'],
  ...[
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'implements',
    'import',
    'in',
    'instanceof',
    'interface',
    'let',
    'new',
    'null',
  ],
  ...['package', 'private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var'],
  ...['void', 'while', 'with', 'yield', 'arguments', 'eval'],
]);

const exportable = (name) => identifier.test(name) && !reserved.has(name);

/** A CommonJS, JSON or core module as an ES module: its exports by name, all of it as default. */
function facadeOf(name) {
  const exports = globalThis[kRequired](name);
  const isObject = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
  const names = isObject ? Object.keys(exports).filter(exportable) : [];
  const head = `const exports_ = globalThis.${kRequired}(${JSON.stringify(name)});\nexport default exports_;\n`;
  return head + names.map((key) => `const $${key} = exports_.${key};\nexport { $${key} as ${key} };\n`).join('');
}

function metaOf(file) {
  const values = { url: `file://${encodeURI(file)}`, filename: file, dirname: directoryOf(file) };
  return `Object.assign(import.meta, ${JSON.stringify(values)}); `;
}

offer('__parsimony_source', (name) => {
  if (name.startsWith('node:') || (!undeclared.has(name) && !isEsModule(name))) return facadeOf(name);
  const source = withoutShebang(read(name));
  return source.includes('import.meta') ? metaOf(name) + source : source;
});

export const createRequire = (file) => makeRequire(new Module(String(file).replace(/^file:\/\//, ''), undefined));
