// Base64 to bytes and back, for what is too small to wake Buffer.

const kLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Uint8Array(128).fill(255);
for (let index = 0; index < kLetters.length; index++) values[kLetters.charCodeAt(index)] = index;

export function fromBase64(text) {
  const length = text.replace(/=+$/, '').length;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < length; index++) {
    held = (held << 6) | values[text.charCodeAt(index)];
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 255;
    }
  }
  return bytes;
}

export function toBase64(bytes) {
  const parts = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const triple = (bytes[index] << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const left = bytes.length - index;
    parts.push(
      kLetters[triple >> 18],
      kLetters[(triple >> 12) & 63],
      left > 1 ? kLetters[(triple >> 6) & 63] : '=',
      left > 2 ? kLetters[triple & 63] : '=',
    );
  }
  return parts.join('');
}
