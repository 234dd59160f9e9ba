// structuredClone for the types that the engine has.
import { DOMException } from './dom_exception.js';

const refuse = (value) => {
  throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
};

const primitives = [Boolean, Number, String, BigInt];

class Cloner {
  constructor() {
    this.made = new Map();
  }

  clone(value) {
    if (typeof value === 'function' || typeof value === 'symbol') refuse(value);
    if (value === null || typeof value !== 'object') return value;
    if (this.made.has(value)) return this.made.get(value);
    if (value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise || value instanceof WeakRef) refuse(value);
    return this.object(value);
  }

  keep(value, copy) {
    this.made.set(value, copy);
    return copy;
  }

  object(value) {
    if (value instanceof Date) return this.keep(value, new Date(value));
    if (value instanceof RegExp) return this.keep(value, new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return this.keep(value, value.slice(0));
    if (ArrayBuffer.isView(value)) return this.view(value);
    if (primitives.some((type) => value instanceof type)) return this.keep(value, Object(value.valueOf()));
    if (value instanceof Map) return this.map(value);
    if (value instanceof Set) return this.set(value);
    if (value instanceof Error) return this.error(value);
    return this.members(value, this.keep(value, Array.isArray(value) ? new Array(value.length) : {}));
  }

  view(value) {
    const buffer = this.clone(value.buffer);
    return this.keep(value, new value.constructor(buffer, value.byteOffset, value.length ?? value.byteLength));
  }

  map(value) {
    const copy = this.keep(value, new Map());
    for (const [key, item] of [...value]) copy.set(this.clone(key), this.clone(item));
    return copy;
  }

  set(value) {
    const copy = this.keep(value, new Set());
    for (const item of [...value]) copy.add(this.clone(item));
    return copy;
  }

  error(value) {
    const types = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
    const copy = this.keep(value, new (types[value.name] ?? Error)(value.message));
    copy.stack = value.stack;
    if (Object.hasOwn(value, 'cause')) copy.cause = this.clone(value.cause);
    return copy;
  }

  members(value, copy) {
    for (const key of Object.keys(value)) copy[key] = this.clone(value[key]);
    return copy;
  }
}

export const structuredClone = (value) => new Cloner().clone(value);
