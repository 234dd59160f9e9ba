// What a thrown value becomes: the code and text that the client sees, the stack that the log shows.

// A file required as CommonJS is wrapped in a function whose head stands on its first line.
export const kModuleHead = '(function (exports, require, module, __filename, __dirname) { ';

// Files of ours that are compiled apart from the others.
export const kOwnPrefix = 'cloud-code:';

export const frame = /^\s+at (?:.* \()?([^()\s]+):(\d+):(\d+)\)?$/;

const ownFile = frame.exec(new Error().stack.split('\n').find((line) => frame.test(line)) ?? '')?.[1];

function isUserFrame(line) {
  const file = frame.exec(line)?.[1];
  return file === undefined ? !/\(native\)$/.test(line) : file !== ownFile && !file.startsWith(kOwnPrefix);
}

/** "file:line:column" of the user's code in a stack. */
export function firstPlaceOf(error) {
  const [, file, line, column] = frame.exec(stackOf(error)?.split('\n').find((each) => frame.test(each)) ?? '') ?? [];
  return file && `${file}:${line}:${column}`;
}

/** What JSON.parse says of a file, with the place. */
export const inJson = (file, { lineNumber, columnNumber, message }) => `${file}:${lineNumber}:${columnNumber}: ${message}`;

/** On its first line a CommonJS file stands behind the head. */
function withTrueColumn(line) {
  return line.replace(/:1:(\d+)(\)?)$/, (whole, column, end) =>
    column > kModuleHead.length ? `:1:${column - kModuleHead.length}${end}` : whole,
  );
}

/** "Name: text" and the frames of the user's files, as Node shows it; the engine's own `stack` has the frames alone. */
export function stackOf(error) {
  if (typeof error?.stack !== 'string') return undefined;
  const head = String(error);
  const body = error.stack.startsWith(head) ? error.stack.slice(head.length) : error.stack;
  const frames = body.split('\n').filter((line) => line.trim() && isUserFrame(line));
  return [head, ...frames.map(withTrueColumn)].join('\n');
}

export const kScriptFailed = 141;
export const kValidationError = 142;

function jsonOrText(value) {
  try {
    return JSON.parse(JSON.stringify(value)) ?? String(value);
  } catch {
    return String(value);
  }
}

function textOf(thrown) {
  const text = typeof thrown === 'object' ? thrown.message || jsonOrText(thrown) : thrown;
  return ['function', 'symbol', 'bigint'].includes(typeof text) ? String(text) : text;
}

/**
 * {code, message, stack} of whatever was thrown. A Parse.Error keeps its code; the code of any other object is ignored, as in Parse
 * Server. `defaults` are for what says nothing itself.
 */
export function describe(thrown, isParseError, { code = kScriptFailed, message = 'Script failed.' } = {}) {
  if (!thrown) return { code, message };
  const stack = stackOf(thrown);
  return isParseError(thrown) ? { code: thrown.code, message: thrown.message, stack } : { code, message: textOf(thrown), stack };
}
