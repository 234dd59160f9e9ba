// Randomness from the host. The engine's own Math.random is seeded by the host, also in every copy of an engine.
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
