// The common part of Node's crypto, computed by the host: random values, digests, HMAC, comparison in constant time.
import { ask } from '../host.js';
import { fromBase64 } from '../web/base64.js';
import { getRandomValues, randomBytes as rawRandomBytes, randomUUID } from './random.js';

export { getRandomValues, randomUUID };

/** A secret key; keys of other kinds need what is not here. */
export class KeyObject {
  #bytes;
  constructor(bytes) {
    this.#bytes = bytes;
    this.type = 'secret';
    this.symmetricKeySize = bytes.length;
  }
  export({ format } = {}) {
    return format === 'jwk' ? { kty: 'oct', k: this.#bytes.toString('base64url') } : Buffer.from(this.#bytes);
  }
  equals(other) {
    return this.#bytes.equals(other.export());
  }
}

function bufferOf(data, encoding) {
  if (typeof data === 'string') return Buffer.from(data, encoding);
  if (data instanceof KeyObject) return data.export();
  return Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);
}

export const createSecretKey = (key, encoding) => new KeyObject(bufferOf(key, encoding));

const encoded = (bytes, encoding) => (encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes);

/** A hash or, with a key, an HMAC. */
class Digest {
  constructor(algorithm, key) {
    this.algorithm = String(algorithm).toLowerCase();
    this.key = key;
    this.parts = [];
    this.finished = false;
  }
  update(data, encoding) {
    if (this.finished) throw new Error('Digest already called');
    this.parts.push(bufferOf(data, encoding));
    return this;
  }
  digest(encoding) {
    if (this.finished) throw new Error('Digest already called');
    this.finished = true;
    const data = Buffer.concat(this.parts).toString('base64');
    const { base64 } = ask('digest', { algorithm: this.algorithm, data, key: this.key?.toString('base64') });
    return encoded(Buffer.from(base64, 'base64'), encoding);
  }
  copy() {
    return Object.assign(new Digest(this.algorithm, this.key), { parts: [...this.parts] });
  }
}

export const createHash = (algorithm) => new Digest(algorithm);
export const createHmac = (algorithm, key) => new Digest(algorithm, bufferOf(key));
export const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding);
export const getHashes = () => ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

export function timingSafeEqual(left, right) {
  if (left.byteLength !== right.byteLength) throw new RangeError('Input buffers must have the same byte length');
  const [a, b] = [bufferOf(left), bufferOf(right)];
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index];
  return difference === 0;
}

export function randomBytes(count, callback) {
  const bytes = Buffer.from(rawRandomBytes(count));
  if (!callback) return bytes;
  queueMicrotask(() => callback(null, bytes));
}

export function randomFillSync(view) {
  new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength).set(rawRandomBytes(view.byteLength));
  return view;
}

const kTwoTo48 = 2 ** 48;

export function randomInt(first, second, callback) {
  const [min, max] = typeof second === 'number' ? [first, second] : [0, first];
  const range = max - min;
  if (!(range > 0) || range > kTwoTo48) throw new RangeError('The range of randomInt must lie between 1 and 2^48.');
  const limit = kTwoTo48 - (kTwoTo48 % range);
  let drawn;
  do drawn = Buffer.from(rawRandomBytes(6)).readUIntBE(0, 6);
  while (drawn >= limit);
  const value = min + (drawn % range);
  const done = typeof second === 'function' ? second : callback;
  return done ? void queueMicrotask(() => done(null, value)) : value;
}

function derive(password, salt, iterations, length, algorithm) {
  const { base64 } = ask('pbkdf2', {
    password: bufferOf(password).toString('base64'),
    salt: bufferOf(salt).toString('base64'),
    iterations,
    bytes: length,
    algorithm: String(algorithm).toLowerCase(),
  });
  return Buffer.from(base64, 'base64');
}

export const pbkdf2Sync = derive;

export function pbkdf2(password, salt, iterations, length, algorithm, callback) {
  Promise.resolve()
    .then(() => derive(password, salt, iterations, length, algorithm))
    .then((key) => callback(null, key), callback);
}

const kDefaultMemory = 32 * 1024 * 1024;

function deriveByScrypt(password, salt, length, options = {}) {
  const { cost = 16384, blockSize = 8, parallelization = 1, maxmem = kDefaultMemory } = options;
  const { N = cost, r = blockSize, p = parallelization } = options;
  if (128 * N * r > maxmem) {
    throw Object.assign(new RangeError('Invalid scrypt params: memory limit exceeded'), { code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS' });
  }
  const { base64 } = ask('scrypt', {
    password: bufferOf(password).toString('base64'),
    salt: bufferOf(salt).toString('base64'),
    ...{ N, r, p },
    bytes: length,
  });
  return Buffer.from(base64, 'base64');
}

export const scryptSync = deriveByScrypt;

export function scrypt(password, salt, length, ...rest) {
  const callback = rest.pop();
  Promise.resolve()
    .then(() => deriveByScrypt(password, salt, length, ...rest))
    .then((key) => callback(null, key), callback);
}

const names = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

export const subtle = {
  async digest(algorithm, data) {
    const name = names[String(algorithm?.name ?? algorithm).toUpperCase()];
    if (!name) throw new Error(`crypto.subtle.digest does not know ${algorithm?.name ?? algorithm}.`);
    const { base64 } = ask('digest', { algorithm: name, data: bufferOf(data).toString('base64') });
    return fromBase64(base64).buffer;
  },
};

const absent = (path) => () => {
  throw new Error(`${path} is not available in Cloud Code.`);
};

for (const name of ['encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'importKey', 'exportKey', 'deriveKey', 'deriveBits']) {
  subtle[name] = absent(`crypto.subtle.${name}`);
}

export const webcrypto = { subtle, getRandomValues, randomUUID };

export const [
  createCipheriv,
  createDecipheriv,
  createSign,
  createVerify,
  sign,
  verify,
  generateKeyPairSync,
  createPublicKey,
  createPrivateKey,
] = [
  'createCipheriv',
  'createDecipheriv',
  'createSign',
  'createVerify',
  'sign',
  'verify',
  'generateKeyPairSync',
  'createPublicKey',
  'createPrivateKey',
].map((name) => absent(`crypto.${name}`));
