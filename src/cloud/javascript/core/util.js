// Node's util, as far as packages commonly use it.
import { format, inspect as show } from '../inspect.js';
import { isDeepEqual } from './deep_equal.js';
import { writeLog } from '../console.js';

export { format };
export { TextDecoder, TextEncoder } from '../web/text.js';

export const formatWithOptions = (options, ...args) => format(...args);

export const inspect = Object.assign((...args) => show(...args), { custom: Symbol.for('nodejs.util.inspect.custom'), defaultOptions: {} });

const kPromisify = Symbol.for('nodejs.util.promisify.custom');

export function promisify(original) {
  if (typeof original !== 'function') throw new TypeError('The "original" argument must be of type function');
  if (original[kPromisify]) return original[kPromisify];
  return function promisified(...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}
promisify.custom = kPromisify;

export function callbackify(original) {
  return function callbackified(...args) {
    const callback = args.pop();
    original.apply(this, args).then(
      (value) => callback(null, value),
      (error) => callback(error ?? new Error('Promise was rejected with a falsy value')),
    );
  };
}

export function inherits(constructor, base) {
  Object.defineProperty(constructor, 'super_', { value: base, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, base.prototype);
}

export function deprecate(original, message) {
  let warned = false;
  return function deprecated(...args) {
    if (!warned) writeLog('warn', `DeprecationWarning: ${message}`);
    warned = true;
    return new.target ? Reflect.construct(original, args, new.target) : original.apply(this, args);
  };
}

export const debuglog = () => Object.assign(() => {}, { enabled: false });
export const debug = debuglog;
export const isDeepStrictEqual = (left, right) => isDeepEqual(left, right, true);
export const stripVTControlCharacters = (text) => text.replace(/\u001B\[[0-9;]*[A-Za-z]/g, '');
export const toUSVString = (text) => String(text).toWellFormed();

const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
const hasTag = (name) => (value) => tagOf(value) === name;

export const types = {
  isDate: (value) => value instanceof Date,
  isRegExp: (value) => value instanceof RegExp,
  isNativeError: (value) => value instanceof Error,
  isPromise: (value) => value instanceof Promise,
  isMap: (value) => value instanceof Map,
  isSet: (value) => value instanceof Set,
  isWeakMap: (value) => value instanceof WeakMap,
  isWeakSet: (value) => value instanceof WeakSet,
  isArrayBuffer: (value) => value instanceof ArrayBuffer,
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value) => value instanceof Uint8Array,
  isAsyncFunction: hasTag('AsyncFunction'),
  isGeneratorFunction: hasTag('GeneratorFunction'),
  isGeneratorObject: hasTag('Generator'),
  isSymbolObject: (value) => typeof value === 'object' && value instanceof Symbol,
  isBoxedPrimitive: (value) => [Number, String, Boolean, Symbol, BigInt].some((type) => value instanceof type),
  isProxy: () => false,
};

export const isArray = Array.isArray;
export const isFunction = (value) => typeof value === 'function';
export const isString = (value) => typeof value === 'string';
export const isNumber = (value) => typeof value === 'number';
export const isObject = (value) => value !== null && typeof value === 'object';
export const isRegExp = types.isRegExp;
export const isDate = types.isDate;
export const isError = types.isNativeError;
