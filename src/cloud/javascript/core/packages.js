// npm packages that the bundle carries beside our own code (bundle.mjs): functions, or texts that are compiled when first used.
import { compile } from '../host.js';
import { kOwnPrefix } from '../errors.js';
import * as crypto from './crypto.js';

const sources = __parsimony_packages;
const loaded = new Map();

const requireShared = (name) => (name === 'crypto' ? crypto : packaged(name));

export function packaged(name) {
  if (!loaded.has(name)) {
    const source = sources[name];
    const run = typeof source === 'string' ? compile(source, `${kOwnPrefix}${name}`) : source;
    const module = { exports: {} };
    loaded.set(name, module);
    run(module, requireShared);
  }
  return loaded.get(name).exports;
}
