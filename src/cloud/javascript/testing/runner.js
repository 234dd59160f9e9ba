// Runs what a test file has declared, one after the other, and tells of each as it ends.
import { stackOf } from '../errors.js';
import { inspect } from '../inspect.js';
import * as timers from '../timers.js';
import { root, Suite } from './suites.js';

const kDefaultTimeoutMs = 10_000;

const seconds = (ms) => `${ms / 1000} s`;

/** Ends with the function, or when its time is up. A second parameter is a callback, as in node:test. */
function withinTime(run, context, ms) {
  return new Promise((resolve, reject) => {
    const timer = timers.setTimeout(() => reject(new Error(`took longer than ${seconds(ms)}`)), ms);
    const end = (settle) => (value) => {
      timers.clearTimeout(timer);
      settle(value);
    };
    const done = (error) => (error ? end(reject)(error) : end(resolve)());
    const call = async () => run(context, done);
    call().then(run.length >= 2 ? undefined : end(resolve), end(reject));
  });
}

const textOf = (error) => (error instanceof Error ? stackOf(error) : `${inspect(error)} was thrown`);

/** {error} with what it threw; nothing when it threw nothing. */
async function failureOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** By a limit of the host, who answers nothing after that. */
const wasStopped = (error) => error?.name === 'InternalError' && ['interrupted', 'out of memory'].includes(error.message);

class Skipped extends Error {}

class Context {
  constructor(run, name) {
    Object.assign(this, { name, cleanUp: [] });
    this.diagnostic = (message) => run.tell({ type: 'note', depth: run.depth, text: String(message) });
    this.skip = (reason) => {
      throw new Skipped(reason === undefined ? '' : String(reason));
    };
    this.after = (hook) => void this.cleanUp.push(hook);
  }
}

const pathOf = (item) => (item.parent ? [...pathOf(item.parent), item.name] : []);
const suitesAbove = (item) => (item.parent ? [...suitesAbove(item.parent), item.parent] : []);
const anyOnly = (item) => item.only || (item.items?.some(anyOnly) ?? false);

export class Run {
  constructor({ tell, filter = '', timeoutMs = kDefaultTimeoutMs }) {
    Object.assign(this, { tell, filter, timeoutMs, depth: 0 });
    this.onlySome = anyOnly(root);
  }

  async all() {
    await this.suite(root);
  }

  /** Whether the filter and `only` leave it, or something in it. */
  isWanted(item, hasOnly = false) {
    const chosen = hasOnly || item.only === true;
    if (item instanceof Suite) return item.items.some((each) => this.isWanted(each, chosen && !item.items.some(anyOnly)));
    return (!this.onlySome || chosen) && (this.filter === '' || pathOf(item).join(' ').includes(this.filter));
  }

  async suite(suite) {
    const items = suite.items.filter((item) => this.isWanted(item, this.isWithinOnly(item)));
    if (items.length === 0 && suite.pending.length === 0) return;
    if (suite !== root) this.tell({ type: 'suite', depth: this.depth++, name: suite.name });
    const broken = await failureOf(() => this.begin(suite));
    if (broken) this.fail({ name: `before ${suite.name}`.trim() }, broken);
    for (const item of items) {
      if (broken) this.leaveOutAll(item);
      else await (item instanceof Suite ? this.suite(item) : this.test(item));
    }
    const failure = await failureOf(() => this.end(suite));
    if (failure) this.fail({ name: `after ${suite.name}`.trim() }, failure);
    if (suite !== root) --this.depth;
  }

  async begin(suite) {
    for (const declared of suite.pending) await declared;
    await this.runAll(this.isSkipped(suite) ? [] : suite.hooks.before, {});
  }

  async end(suite) {
    await this.runAll(this.isSkipped(suite) ? [] : suite.hooks.after, {});
  }

  async runAll(hooks, context, ms = this.timeoutMs) {
    for (const hook of this.isStopped ? [] : hooks) await withinTime(hook, context, ms);
  }

  isWithinOnly(item) {
    return suitesAbove(item).some((suite) => suite.only && !suite.items.some(anyOnly));
  }

  isSkipped(item) {
    return Boolean(item.skip) || (item.parent ? this.isSkipped(item.parent) : false);
  }

  async test(test) {
    if (this.isSkipped(test)) return this.leaveOut(test, test.skip);
    if (this.isStopped) return this.leaveOut(test, 'a test before it has met a limit');
    this.tell({ type: 'begin', depth: this.depth, name: pathOf(test).join(' > '), place: test.place });
    const started = Date.now();
    const failure = await this.failureOfTest(test, new Context(this, test.name));
    if (failure?.error instanceof Skipped) return this.leaveOut(test, failure.error.message);
    this.isStopped = wasStopped(failure?.error);
    if (failure) return this.fail(test, failure, Date.now() - started);
    this.tell({ type: 'pass', depth: this.depth, name: test.name, ms: Date.now() - started });
  }

  /** The first failure counts; what tidies up runs in any case. */
  async failureOfTest(test, context) {
    const ms = test.timeout ?? this.timeoutMs;
    const suites = suitesAbove(test);
    let failure = await failureOf(async () => {
      for (const suite of suites) await this.runAll(suite.hooks.beforeEach, context, ms);
      await withinTime(test.run, context, ms);
    });
    const afterwards = [context.cleanUp, ...suites.reverse().map((suite) => suite.hooks.afterEach)];
    for (const hook of afterwards.flat()) {
      const later = await failureOf(() => withinTime(hook, context, ms));
      failure ??= later;
    }
    return failure;
  }

  fail({ name, place }, { error }, ms = 0) {
    this.tell({ type: 'fail', depth: this.depth, name, place, ms, text: textOf(error) });
  }

  leaveOut({ name }, reason) {
    this.tell({ type: 'skip', depth: this.depth, name, text: typeof reason === 'string' ? reason : '' });
  }

  leaveOutAll(item) {
    if (!(item instanceof Suite)) return this.leaveOut(item, 'its suite could not begin');
    for (const each of item.items) this.leaveOutAll(each);
  }
}
