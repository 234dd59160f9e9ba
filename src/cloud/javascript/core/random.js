// Randomness from the host. Math.random is seeded from it at load, since engines that start from one snapshot would all draw the same.
import { ask } from '../host.js';
import { fromBase64 } from '../web/base64.js';

export const randomBytes = (count) => fromBase64(ask('random', { bytes: count }).base64);

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => hex[byte]).join('');
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const kMaxRandomBytes = 65536;

export function getRandomValues(view) {
  if (!ArrayBuffer.isView(view) || view instanceof Float32Array || view instanceof Float64Array)
    throw new TypeError('An integer typed array is needed.');
  if (view.byteLength > kMaxRandomBytes) throw new RangeError(`At most ${kMaxRandomBytes} bytes at a time.`);
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytes(view.byteLength));
  return view;
}

/** xoshiro128**, 32 bits a step. */
function generator(state) {
  const rotate = (value, by) => (value << by) | (value >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  };
}

export function seedRandom() {
  const next = generator(new Int32Array(randomBytes(16).buffer));
  Math.random = () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
