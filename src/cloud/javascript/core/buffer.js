// Buffer with the encoding that the package lacks: base64url. Long texts are left to the host, who is a thousand times as fast.
import { bytesOf, textOf } from '../host.js';
import { packaged } from './packages.js';

const kLong = 64;

const isUrlSafe = (encoding) => typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';

const urlSafe = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const hostEncodings = { utf8: 'utf8', 'utf-8': 'utf8', base64: 'base64', base64url: 'base64' };

/** The host's name of an encoding that it knows. */
const hostEncoding = (encoding) => (encoding === undefined ? 'utf8' : hostEncodings[String(encoding).toLowerCase()]);

/** The bytes of a long text; undefined for the package to find them. */
function hostBytes(text, encoding) {
  const name = typeof text === 'string' && text.length >= kLong ? hostEncoding(encoding) : undefined;
  return name && bytesOf(text, name);
}

const isPlace = (value) => value === undefined || (Number.isInteger(value) && value >= 0);

function hostText(buffer, encoding, start, end) {
  const name = buffer.length >= kLong && isPlace(start) && isPlace(end) ? hostEncoding(encoding) : undefined;
  const part = name && buffer.subarray(start, end);
  return part?.length ? textOf(part.buffer.slice(part.byteOffset, part.byteOffset + part.length), name) : undefined;
}

let extended;

function extend(Buffer) {
  const { from, isEncoding, byteLength } = Buffer;
  const { toString } = Buffer.prototype;
  const plain = (encoding) => (isUrlSafe(encoding) ? 'base64' : encoding);
  // What reads base64 reads its other alphabet, too.
  Buffer.from = (value, encoding, length) => {
    const bytes = hostBytes(value, encoding);
    return bytes ? from(bytes) : from(value, plain(encoding), length);
  };
  Buffer.isEncoding = (encoding) => isUrlSafe(encoding) || isEncoding(encoding);
  Buffer.byteLength = (value, encoding) => hostBytes(value, encoding)?.byteLength ?? byteLength(value, plain(encoding));
  Buffer.prototype.toString = function (encoding, start, end) {
    const text = hostText(this, encoding, start, end) ?? toString.call(this, plain(encoding), start, end);
    return isUrlSafe(encoding) ? urlSafe(text) : text;
  };
  return Buffer;
}

export function bufferModule() {
  const module = packaged('buffer');
  extended ??= extend(module.Buffer);
  return module;
}
