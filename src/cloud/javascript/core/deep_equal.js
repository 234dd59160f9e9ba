// Deep comparison for util.isDeepStrictEqual and assert; loose comparison treats 1 and "1" as equal, as assert.deepEqual does.

const isObject = (value) => value !== null && typeof value === 'object';

function sameEntries(left, right, strict, pairs) {
  const [a, b] = [Object.keys(left), Object.keys(right)];
  return a.length === b.length && a.every((key) => Object.hasOwn(right, key) && compare(left[key], right[key], strict, pairs));
}

function sameMaps(left, right, strict, pairs) {
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && compare(value, right.get(key), strict, pairs));
}

function sameSets(left, right, strict, pairs) {
  const rest = [...right];
  return (
    left.size === right.size && [...left].every((value) => right.has(value) || rest.some((other) => compare(value, other, strict, pairs)))
  );
}

function compareObjects(left, right, strict, pairs) {
  if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (left instanceof Date || right instanceof Date)
    return left instanceof Date && right instanceof Date && left.getTime() === right.getTime();
  if (left instanceof RegExp || right instanceof RegExp) return String(left) === String(right);
  if (left instanceof Error || right instanceof Error) return left.message === right.message && left.name === right.name;
  if (left instanceof Map && right instanceof Map) return sameMaps(left, right, strict, pairs);
  if (left instanceof Set && right instanceof Set) return sameSets(left, right, strict, pairs);
  return sameEntries(left, right, strict, pairs);
}

function compare(left, right, strict, pairs) {
  if (Object.is(left, right)) return true;
  if (!isObject(left) || !isObject(right)) return !strict && !isObject(left) && !isObject(right) && left == right;
  if (pairs.some(([a, b]) => a === left && b === right)) return true;
  return compareObjects(left, right, strict, [...pairs, [left, right]]);
}

export const isDeepEqual = (left, right, strict) => compare(left, right, strict, []);
