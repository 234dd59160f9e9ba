// Buffer with the encoding that the package lacks: base64url.
import { packaged } from './packages.js';

const isUrlSafe = (encoding) => typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';

const urlSafe = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

let extended;

function extend(Buffer) {
  const { from, isEncoding, byteLength } = Buffer;
  const { toString } = Buffer.prototype;
  // What reads base64 reads its other alphabet, too.
  Buffer.from = (value, encoding, length) => from(value, isUrlSafe(encoding) ? 'base64' : encoding, length);
  Buffer.isEncoding = (encoding) => isUrlSafe(encoding) || isEncoding(encoding);
  Buffer.byteLength = (value, encoding) => byteLength(value, isUrlSafe(encoding) ? 'base64' : encoding);
  Buffer.prototype.toString = function (encoding, start, end) {
    return isUrlSafe(encoding) ? urlSafe(toString.call(this, 'base64', start, end)) : toString.call(this, encoding, start, end);
  };
  return Buffer;
}

export function bufferModule() {
  const module = packaged('buffer');
  extended ??= extend(module.Buffer);
  return module;
}
