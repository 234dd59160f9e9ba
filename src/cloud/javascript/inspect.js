// How console shows values: in the spirit of Node's util.inspect.
import { stackOf } from './errors.js';
import { maskingReplacer, maskOf } from './secrets.js';

const kMaxItems = 100;
const kMaxText = 10000;
const kLineWidth = 76;

const quote = (text) => {
  const shown = text.length > kMaxText ? `${text.slice(0, kMaxText)}...` : text;
  const escaped = JSON.stringify(shown).slice(1, -1).replaceAll('\\"', '"');
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `\`${escaped}\`` : `"${escaped}"`;
};

const plain = /^[A-Za-z_$][\w$]*$/;
const key = (name) => (typeof name === 'symbol' ? `[${String(name)}]` : plain.test(name) ? name : quote(name));

function primitive(value) {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

function functionText(value) {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : value.constructor?.name || 'Function';
  return `[${kind}${value.name ? `${kind === 'class' ? ' ' : ': '}${value.name}` : ' (anonymous)'}]`;
}

function prefixOf(value, fallback) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return `[${fallback || 'Object'}: null prototype] `;
  const name = prototype.constructor?.name;
  return !name || name === fallback ? '' : `${name} `;
}

class Inspector {
  constructor({ depth = 2, masks = false } = {}) {
    this.depth = depth === null ? Infinity : depth;
    this.masks = masks;
    this.seen = [];
  }

  show(value, level = 0) {
    if (typeof value === 'function' && Object.keys(value).length === 0) return functionText(value);
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return primitive(value);
    if (this.seen.includes(value)) return '[Circular]';
    this.seen.push(value);
    try {
      return this.object(value, level);
    } finally {
      this.seen.pop();
    }
  }

  object(value, level) {
    const custom = value[Symbol.for('nodejs.util.inspect.custom')];
    if (typeof custom === 'function') {
      const shown = custom.call(value, this.depth - level, {}, inspect);
      return typeof shown === 'string' ? shown : this.show(shown, level);
    }
    if (value instanceof Error) return this.error(value, level);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (value instanceof Promise) return 'Promise {}';
    if (level > this.depth) return Array.isArray(value) ? '[Array]' : `[${value.constructor?.name || 'Object'}]`;
    return this.container(value, level);
  }

  container(value, level) {
    const next = level + 1;
    const own = () => this.entries(value, next, Object.keys(value));
    if (Array.isArray(value)) return this.layout(this.items(value, next), level, ['[', ']']);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return `${value.constructor.name}(${value.length}) ${this.layout(this.items(value, next), level, ['[', ']'])}`;
    }
    if (value instanceof Map) return `Map(${value.size}) ${this.layout(this.pairs(value, next), level)}`;
    if (value instanceof Set) return `Set(${value.size}) ${this.layout(this.items([...value], next), level)}`;
    if (typeof value === 'function') return `${functionText(value)} ${this.layout(own(), level)}`;
    const shown = typeof value._toFullJSON === 'function' ? { className: value.className, ...value.toJSON() } : value;
    return prefixOf(value, 'Object') + this.layout(this.entries(shown, next, Object.keys(shown)), level);
  }

  error(value, level) {
    const keys = Object.keys(value).filter((name) => name !== 'stack' && name !== 'message');
    const text = stackOf(value) || `[${value}]`;
    const cause = value.cause === undefined ? [] : [`[cause]: ${this.show(value.cause, level + 1)}`];
    const rest = [
      ...this.entries(
        value,
        level + 1,
        keys.filter((name) => name !== 'cause'),
      ),
      ...cause,
    ];
    return rest.length ? `${text} ${this.layout(rest, level)}` : text;
  }

  items(list, level) {
    const shown = Array.from(list.slice(0, kMaxItems), (item) => this.show(item, level));
    if (list.length > kMaxItems) shown.push(`... ${list.length - kMaxItems} more items`);
    return shown;
  }

  pairs(map, level) {
    return [...map].slice(0, kMaxItems).map(([name, value]) => `${this.show(name, level)} => ${this.member(name, value, level)}`);
  }

  entries(value, level, keys) {
    return keys.slice(0, kMaxItems).map((name) => {
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (property?.get) return `${key(name)}: [Getter]`;
      return `${key(name)}: ${this.member(name, value[name], level)}`;
    });
  }

  member(name, value, level) {
    return (this.masks && maskOf(name, value)) || this.show(value, level);
  }

  layout(parts, level, [open, close] = ['{', '}']) {
    if (parts.length === 0) return open + close;
    const line = `${open} ${parts.join(', ')} ${close}`;
    if (line.length <= kLineWidth && !line.includes('\n')) return line;
    const indent = '  '.repeat(level + 1);
    return `${open}\n${indent}${parts.join(`,\n${indent}`)}\n${'  '.repeat(level)}${close}`;
  }
}

export function inspect(value, options) {
  try {
    return new Inspector(options).show(value);
  } catch (error) {
    return `[could not be shown: ${error?.message ?? error}]`;
  }
}

/** The same for a log, which hides what members named after secrets hold. */
export const inspectForLog = (value, options) => inspect(value, { ...options, masks: true });

const directivesOf = (show, replacer) => ({
  s: (value) => (typeof value === 'object' && value !== null ? show(value, { depth: 0 }) : String(value)),
  d: (value) => (typeof value === 'object' ? 'NaN' : String(Number(value))),
  i: (value) => (typeof value === 'object' ? 'NaN' : String(Math.trunc(Number(value)))),
  f: (value) => String(Number(value)),
  j: (value) => JSON.stringify(value, replacer),
  o: (value) => show(value, { depth: 4 }),
  O: (value) => show(value),
  c: () => '',
});

/** console.log's text: %-directives of the first argument, then the others after spaces. */
function formatter(show, replacer) {
  const directives = directivesOf(show, replacer);
  const text = (value) => (typeof value === 'string' ? value : show(value));
  return (first, ...rest) => {
    if (typeof first !== 'string') return [first, ...rest].map(text).join(' ');
    let next = 0;
    const filled = first.replace(/%([sdifjoOc%])/g, (whole, letter) => {
      if (letter === '%') return rest.length ? '%' : whole;
      return next < rest.length ? directives[letter](rest[next++]) : whole;
    });
    return [filled, ...rest.slice(next).map(text)].join(' ');
  };
}

export const format = formatter(inspect);
export const formatForLog = formatter(inspectForLog, maskingReplacer);
