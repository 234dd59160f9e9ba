// describe, it and the hooks: what a test file declares.
import { firstPlaceOf } from '../errors.js';

export class Suite {
  constructor(name, parent, options = {}) {
    Object.assign(this, { name, parent, skip: options.skip, only: options.only, items: [] });
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
    this.pending = []; // promises of the functions that declare
  }
}

class Test {
  constructor(name, parent, options, run) {
    Object.assign(this, { name, parent, skip: options.skip || !run, only: options.only, timeout: options.timeout, run });
    this.place = firstPlaceOf(new Error());
  }
}

export const root = new Suite('');
let current = root;

function checkName(what, name) {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${what}() needs a name, a text.`);
}

/** (name, options?, function?), as in node:test. */
function readArguments(what, [name, options, run]) {
  checkName(what, name);
  if (typeof options === 'function') [options, run] = [{}, options];
  if (run !== undefined && typeof run !== 'function') throw new TypeError(`${what}('${name}') needs a function.`);
  return { name, options: options ?? {}, run };
}

function declareSuite(args, more) {
  const { name, options, run } = readArguments('describe', args);
  const suite = new Suite(name, current, { ...options, ...more });
  current.items.push(suite);
  current = suite;
  try {
    const result = run?.();
    if (typeof result?.then === 'function') suite.pending.push(result);
  } finally {
    current = suite.parent;
  }
}

function declareTest(args, more) {
  const { name, options, run } = readArguments('test', args);
  current.items.push(new Test(name, current, { ...options, ...more }, run));
}

function declareHook(kind, run) {
  if (typeof run !== 'function') throw new TypeError(`${kind}() needs a function.`);
  current.hooks[kind].push(run);
}

const withVariants = (declare) =>
  Object.assign((...args) => declare(args), {
    skip: (...args) => declare(args, { skip: true }),
    only: (...args) => declare(args, { only: true }),
    todo: (...args) => declare(args, { skip: 'to do' }),
  });

export const describe = withVariants(declareSuite);
export const test = withVariants(declareTest);
export const hooks = Object.fromEntries(Object.keys(root.hooks).map((kind) => [kind, (run) => declareHook(kind, run)]));
