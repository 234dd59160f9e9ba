// console and the loggers that requests carry: everything goes to the server's log as `log` messages.
import { send } from './host.js';
import { formatForLog as format, inspectForLog as inspect } from './inspect.js';
import { maskingReplacer, maskOf } from './secrets.js';
import { stackOf } from './errors.js';

function asMeta(value) {
  if (value === undefined) return {};
  try {
    const meta = JSON.parse(JSON.stringify(value, maskingReplacer));
    return meta !== null && typeof meta === 'object' ? { meta } : {};
  } catch {
    return { meta: { text: inspect(value) } };
  }
}

export function writeLog(level, message, meta) {
  send('log', { level, message, ...asMeta(meta) });
}

/** A promise that nobody handled. */
export function reportRejection(reason) {
  const isError = reason instanceof Error;
  send('rejection', { message: isError ? String(reason) : inspect(reason), stack: isError ? stackOf(reason) : undefined });
}

/** An error thrown where nobody waits for it: a timer, a listener. */
export function reportError(error) {
  writeLog('error', `Uncaught ${inspect(error)}`);
}

let indent = '';
const counts = new Map();
const starts = new Map();

const write = (level, args) => {
  const text = format(...args);
  writeLog(level, indent ? text.replace(/^/gm, indent) : text);
};

function elapsed(label) {
  const start = starts.get(label);
  if (start === undefined) return `Timer '${label}' does not exist`;
  return `${label}: ${Date.now() - start}ms`;
}

function columnsOf(rows) {
  return [...new Set(rows.flatMap((row) => (row !== null && typeof row === 'object' ? Object.keys(row) : ['Values'])))];
}

function table(data) {
  if (data === null || typeof data !== 'object') return write('info', [data]);
  const names = Object.keys(data);
  const columns = columnsOf(Object.values(data));
  const cell = (row, column) =>
    row !== null && typeof row === 'object' ? (column in row ? (maskOf(column, row[column]) ?? inspect(row[column])) : '') : column === 'Values' ? inspect(row) : '';
  const lines = [['(index)', ...columns], ...names.map((name) => [name, ...columns.map((column) => cell(data[name], column))])];
  const widths = lines[0].map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  write('info', [
    lines
      .map((line) =>
        line
          .map((text, index) => text.padEnd(widths[index]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  ]);
}

export const console = {
  log: (...args) => write('info', args),
  info: (...args) => write('info', args),
  warn: (...args) => write('warn', args),
  error: (...args) => write('error', args),
  debug: (...args) => write('debug', args),
  dir: (value, options) => write('info', [inspect(value, options)]),
  trace: (...args) => write('info', [`Trace: ${format(...args)}\n${stackOf(new Error())?.split('\n').slice(1).join('\n') ?? ''}`]),
  assert: (condition, ...args) => condition || write('error', args.length ? ['Assertion failed:', ...args] : ['Assertion failed']),
  table,
  count: (label = 'default') => write('info', [`${label}: ${counts.set(label, (counts.get(label) ?? 0) + 1).get(label)}`]),
  countReset: (label = 'default') => void counts.delete(label),
  time: (label = 'default') => void starts.set(label, Date.now()),
  timeLog: (label = 'default', ...args) => write('info', [elapsed(label), ...args]),
  timeEnd: (label = 'default') => {
    write('info', [elapsed(label)]);
    starts.delete(label);
  },
  group: (...args) => {
    if (args.length) write('info', args);
    indent += '  ';
  },
  groupEnd: () => void (indent = indent.slice(2)),
};
console.groupCollapsed = console.group;

const levels = { error: 'error', warn: 'warn', info: 'info', verbose: 'verbose', debug: 'debug', silly: 'debug' };

/** `request.log`: Parse Server's logger. An object after the text is kept beside it. */
export const logger = { log: (level, ...args) => (logger[level] ?? logger.info)(...args) };
for (const [name, level] of Object.entries(levels)) {
  logger[name] = (...args) => {
    const last = args.at(-1);
    const hasMeta = args.length > 1 && last !== null && typeof last === 'object' && !(last instanceof Error);
    writeLog(level, format(...(hasMeta ? args.slice(0, -1) : args)), hasMeta ? last : undefined);
  };
}
