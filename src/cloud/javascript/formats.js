// Reads modules, and tells ES modules from CommonJS.
import { ask, compile } from './host.js';
import { kModuleHead } from './errors.js';
import { packageOf } from './resolve.js';

const withoutShebang = (source) => source.replace(/^(\uFEFF)?#!.*/, '');

const read = (file) => withoutShebang(ask('read', { path: file }).text);

/** Texts that were read to see what they are, until they are evaluated. */
const seen = new Map();

export function sourceOf(file) {
  const source = seen.get(file) ?? read(file);
  seen.delete(file);
  return source;
}

/** The function that a CommonJS file is the body of. */
export const compileCommonJs = (source, file) => compile(`${kModuleHead}${source}\n})`, file);

const moduleSyntax =
  /(?:^|[;}])\s*(?:import\s*(?:[\w*{]|['"])|export\s*(?:default\b|const\b|let\b|var\b|function\b|class\b|async\b|[{*]))/m;

function parsesAsCommonJs(source, file) {
  try {
    compileCommonJs(source, file);
    return true;
  } catch (error) {
    return !(error instanceof SyntaxError);
  }
}

/** As Node does it: a file without a declared type that only parses as an ES module is one. */
function looksLikeEsModule(file) {
  const source = read(file);
  seen.set(file, source);
  return moduleSyntax.test(source) && !parsesAsCommonJs(source, file);
}

const kinds = new Map();

function findKind(file) {
  if (file.endsWith('.mjs')) return true;
  if (!file.endsWith('.js')) return false;
  const type = packageOf(file)?.type;
  return type === undefined ? looksLikeEsModule(file) : type === 'module';
}

export function isEsModule(file) {
  if (!kinds.has(file)) kinds.set(file, findKind(file));
  return kinds.get(file);
}
