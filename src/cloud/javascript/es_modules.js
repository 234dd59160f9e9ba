// ES modules: the engine asks __parsimony_resolve(importer, specifier) for the name of a module and __parsimony_source(name) for its
// text. What they throw reaches whoever imports.
import { offer } from './host.js';
import { coreModule, isCore, isNodeModule } from './core/index.js';
import { isEsModule, sourceOf } from './formats.js';
import { loadFile, withCode } from './modules.js';
import { directoryOf, findCore, resolvePath } from './resolve.js';

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
  if (name.startsWith('node:') || !isEsModule(name)) return facadeOf(name);
  const source = sourceOf(name);
  return source.includes('import.meta') ? metaOf(name) + source : source;
});
