// Node's assert.
import { inspect } from '../inspect.js';
import { isDeepEqual } from './deep_equal.js';

export class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? `${inspect(actual)} ${operator} ${inspect(expected)}`);
    Object.assign(this, {
      name: 'AssertionError',
      code: 'ERR_ASSERTION',
      generatedMessage: message === undefined,
      actual,
      expected,
      operator,
    });
  }
}

function check(condition, message, details) {
  if (condition) return;
  throw message instanceof Error ? message : new AssertionError({ message, ...details });
}

export const ok = (value, message) =>
  check(value, message ?? 'The expression evaluated to a falsy value', { actual: value, expected: true, operator: '==' });

const comparison = (operator, test) => (actual, expected, message) =>
  check(test(actual, expected), message, { actual, expected, operator });

export const equal = comparison('==', (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b)));
export const notEqual = comparison('!=', (a, b) => a != b);
export const strictEqual = comparison('strictEqual', Object.is);
export const notStrictEqual = comparison('notStrictEqual', (a, b) => !Object.is(a, b));
export const deepEqual = comparison('deepEqual', (a, b) => isDeepEqual(a, b, false));
export const notDeepEqual = comparison('notDeepEqual', (a, b) => !isDeepEqual(a, b, false));
export const deepStrictEqual = comparison('deepStrictEqual', (a, b) => isDeepEqual(a, b, true));
export const notDeepStrictEqual = comparison('notDeepStrictEqual', (a, b) => !isDeepEqual(a, b, true));
export const match = comparison('match', (text, pattern) => pattern.test(text));
export const doesNotMatch = comparison('doesNotMatch', (text, pattern) => !pattern.test(text));

export function fail(message = 'Failed') {
  check(false, message, { operator: 'fail' });
}

export function ifError(value) {
  if (value !== null && value !== undefined)
    throw value instanceof Error ? value : new AssertionError({ message: `ifError got unwanted exception: ${inspect(value)}` });
}

function fits(error, expected) {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function')
    return expected.prototype !== undefined && error instanceof expected
      ? true
      : !Error.isPrototypeOf(expected) && expected(error) === true;
  return Object.keys(expected).every((key) =>
    expected[key] instanceof RegExp ? expected[key].test(error[key]) : isDeepEqual(error[key], expected[key], true),
  );
}

function checkThrown(thrown, error, expected, message) {
  const text = typeof expected === 'string' ? expected : message;
  check(thrown, text ?? 'Missing expected exception.', { operator: 'throws' });
  if (typeof expected !== 'string' && !fits(error, expected)) throw error;
}

export function throws(run, expected, message) {
  let thrown = false;
  let error;
  try {
    run();
  } catch (caught) {
    [thrown, error] = [true, caught];
  }
  checkThrown(thrown, error, expected, message);
}

export async function rejects(promise, expected, message) {
  let thrown = false;
  let error;
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (caught) {
    [thrown, error] = [true, caught];
  }
  checkThrown(thrown, error, expected, message);
}

export const doesNotThrow = (run) => void run();
export const doesNotReject = async (promise) => void (await (typeof promise === 'function' ? promise() : promise));

export const strict = Object.assign((value, message) => ok(value, message), {
  ok,
  AssertionError,
  fail,
  ifError,
  throws,
  rejects,
  doesNotThrow,
  doesNotReject,
  match,
  doesNotMatch,
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
  strictEqual,
  notStrictEqual,
  deepStrictEqual,
  notDeepStrictEqual,
});
