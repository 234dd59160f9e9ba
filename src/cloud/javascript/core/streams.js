// Node's stream, with what the package behind it lacks.
import { packaged } from './packages.js';

/** In Node every stream is a Stream; in the package only the oldest kind is. */
function recognizeStreams(Stream) {
  const { [Symbol.hasInstance]: isInstance } = Function.prototype;
  const isStream = (value) => typeof value?.pipe === 'function' && typeof value.on === 'function';
  Object.defineProperty(Stream, Symbol.hasInstance, {
    value(value) {
      return isInstance.call(this, value) || (this === Stream && isStream(value));
    },
  });
}

function iteratorOf(iterable) {
  if (typeof iterable === 'string' || Buffer.isBuffer(iterable)) return [iterable].values();
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (!iterator) throw new TypeError('The "iterable" argument must be an instance of Iterable');
  return iterator;
}

/** Readable.from: texts and bytes are one chunk, everything else a chunk for each item. */
const readableFrom = (Readable) => (iterable, options) => {
  const iterator = iteratorOf(iterable);
  let isReading = false;
  async function fill(stream) {
    while (isReading) {
      const { done, value } = await iterator.next();
      isReading = stream.push(done ? null : await value);
    }
  }
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    ...options,
    read() {
      if (isReading) return;
      isReading = true;
      fill(this).catch((error) => this.destroy(error));
    },
    destroy(error, done) {
      Promise.resolve(iterator.return?.()).then(() => done(error), done);
    },
  });
};

let isComplete = false;

export function streamModule() {
  const Stream = packaged('stream');
  if (!isComplete) {
    recognizeStreams(Stream);
    Stream.Readable.from = readableFrom(Stream.Readable);
    isComplete = true;
  }
  return Stream;
}
