// Blob, File and FormData, held in memory.
import { streamOf } from './byte_stream.js';

const bytesOf = (part) => {
  if (part instanceof Blob) return part.bytes_;
  if (typeof part === 'string') return Buffer.from(part);
  return ArrayBuffer.isView(part) ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : Buffer.from(part);
};

export class Blob {
  constructor(parts = [], { type = '' } = {}) {
    Object.defineProperty(this, 'bytes_', { value: Buffer.concat(Array.from(parts, bytesOf)) });
    this.type = String(type).toLowerCase();
    this.size = this.bytes_.length;
  }
  async bytes() {
    return new Uint8Array(this.bytes_);
  }
  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }
  async text() {
    return this.bytes_.toString();
  }
  stream() {
    return streamOf(this.bytes_);
  }
  slice(start, end, type) {
    return new Blob([this.bytes_.subarray(start, end)], { type });
  }
}

export class File extends Blob {
  constructor(parts, name, { type, lastModified = Date.now() } = {}) {
    super(parts, { type });
    this.name = String(name);
    this.lastModified = lastModified;
  }
}

const entryOf = (value, filename) => {
  if (!(value instanceof Blob)) return String(value);
  if (value instanceof File && filename === undefined) return value;
  return new File([value], filename ?? 'blob', { type: value.type });
};

export class FormData {
  #entries = [];
  append(name, value, filename) {
    this.#entries.push([String(name), entryOf(value, filename)]);
  }
  set(name, value, filename) {
    this.delete(name);
    this.append(name, value, filename);
  }
  delete(name) {
    this.#entries = this.#entries.filter(([key]) => key !== name);
  }
  get(name) {
    return this.#entries.find(([key]) => key === name)?.[1] ?? null;
  }
  getAll(name) {
    return this.#entries.filter(([key]) => key === name).map(([, value]) => value);
  }
  has(name) {
    return this.#entries.some(([key]) => key === name);
  }
  entries() {
    return this.#entries.values();
  }
  *keys() {
    for (const [key] of this.#entries) yield key;
  }
  *values() {
    for (const [, value] of this.#entries) yield value;
  }
  forEach(callback) {
    for (const [key, value] of this.#entries) callback(value, key, this);
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}

const escaped = (name) => name.replaceAll('\r\n', '%0D%0A').replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');

/** The body and the type of multipart/form-data. */
export function encodeForm(form, boundary) {
  const parts = [...form].map(([name, value]) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`;
    if (typeof value === 'string') return Buffer.from(`${head}\r\n\r\n${value}\r\n`);
    const type = value.type || 'application/octet-stream';
    return Buffer.concat([
      Buffer.from(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`),
      value.bytes_,
      Buffer.from('\r\n'),
    ]);
  });
  return { bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` };
}
