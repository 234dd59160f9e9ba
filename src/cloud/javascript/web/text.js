// btoa, atob, TextEncoder, TextDecoder.
import { packaged } from '../core/packages.js';
import { toBase64 } from './base64.js';

export function btoa(value) {
  const text = String(value);
  const bytes = Uint8Array.from(text, (letter) => {
    if (letter.charCodeAt(0) > 255 || letter.length > 1) throw new RangeError('btoa takes characters up to U+00FF only.');
    return letter.charCodeAt(0);
  });
  return toBase64(bytes);
}

export function atob(value) {
  const text = String(value)
    .replace(/[\t\n\f\r ]/g, '')
    .replace(/={1,2}$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new RangeError('atob needs correctly encoded Base64.');
  return Buffer.from(text, 'base64').toString('latin1');
}

export class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(text = '') {
    return new Uint8Array(Buffer.from(String(text).toWellFormed(), 'utf8'));
  }
  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    for (const letter of String(text)) {
      const bytes = this.encode(letter);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += letter.length;
    }
    return { read, written };
  }
}

const labels = {
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  utf16le: 'utf-16le',
  latin1: 'windows-1252',
  ascii: 'windows-1252',
};
labels['iso-8859-1'] = labels['us-ascii'] = labels['windows-1252'] = 'windows-1252';
const encodings = { 'utf-8': 'utf8', 'utf-16le': 'utf16le', 'windows-1252': 'latin1' };

const bytesOf = (input) => {
  if (input === undefined) return Buffer.alloc(0);
  return ArrayBuffer.isView(input) ? Buffer.from(input.buffer, input.byteOffset, input.byteLength) : Buffer.from(input);
};

export class TextDecoder {
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.encoding = labels[String(label).trim().toLowerCase()];
    if (!this.encoding) throw new RangeError(`The encoding "${label}" is not supported.`);
    Object.assign(this, { fatal, ignoreBOM });
    this.decoder = undefined;
  }
  decode(input, { stream = false } = {}) {
    const { StringDecoder } = packaged('string_decoder');
    this.decoder ??= new StringDecoder(encodings[this.encoding]);
    const bytes = bytesOf(input);
    let text = this.decoder.write(bytes);
    if (!stream) {
      text += this.decoder.end();
      this.decoder = undefined;
    }
    if (this.fatal && text.includes('\uFFFD') && !bytes.includes('\uFFFD'))
      throw new TypeError(`The bytes are not valid ${this.encoding}.`);
    return !this.ignoreBOM && text.startsWith('\uFEFF') ? text.slice(1) : text;
  }
}
