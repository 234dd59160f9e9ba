// V8's Error.captureStackTrace with Error.prepareStackTrace, which many packages call without asking.
import { frame } from '../errors.js';

class CallSite {
  constructor(line) {
    const [, file = null, row = null, column = null] = frame.exec(line) ?? [];
    Object.assign(this, { line, file, row: Number(row), column: Number(column), name: /^\s+at ([^(\s]+) \(/.exec(line)?.[1] ?? null });
  }
  getFileName() {
    return this.file;
  }
  getLineNumber() {
    return this.row;
  }
  getColumnNumber() {
    return this.column;
  }
  getFunctionName() {
    return this.name;
  }
  getMethodName() {
    return null;
  }
  getTypeName() {
    return null;
  }
  getThis() {
    return undefined;
  }
  getFunction() {
    return undefined;
  }
  getEvalOrigin() {
    return undefined;
  }
  isEval() {
    return false;
  }
  isNative() {
    return this.file === null;
  }
  isToplevel() {
    return true;
  }
  isConstructor() {
    return false;
  }
  toString() {
    return this.line.trim().replace(/^at /, '');
  }
}

export function captureStackTrace(target) {
  const lines = new Error().stack.split('\n').filter(Boolean).slice(1);
  const { prepareStackTrace } = Error;
  const stack =
    typeof prepareStackTrace === 'function'
      ? prepareStackTrace(
          target,
          lines.map((line) => new CallSite(line)),
        )
      : lines.join('\n');
  Object.defineProperty(target, 'stack', { value: stack, writable: true, configurable: true });
}
