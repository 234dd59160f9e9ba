// ReadableStream of any chunks with its default reader. Bundled apart (bundle.mjs): most code never meets one.

/** What a source is given to fill its stream. */
class ReadableStreamDefaultController {
  #actions;
  constructor(actions) {
    this.#actions = actions;
  }
  get desiredSize() {
    return this.#actions.desiredSize();
  }
  enqueue(chunk) {
    this.#actions.enqueue(chunk);
  }
  close() {
    this.#actions.close();
  }
  error(reason) {
    this.#actions.fail(reason);
  }
}

class ReadableStreamDefaultReader {
  #stream;
  #lock;
  constructor(stream) {
    this.#stream = stream;
    this.#lock = stream.lock_(this);
  }
  get closed() {
    return this.#lock.closed;
  }
  async read() {
    return this.#held().read_();
  }
  async cancel(reason) {
    return this.#held().cancel_(reason);
  }
  releaseLock() {
    if (!this.#stream) return;
    this.#stream.unlock_();
    this.#stream = undefined;
  }
  #held() {
    if (!this.#stream) throw new TypeError('The reader is not attached to a stream');
    return this.#stream;
  }
}

const whenSettled = () => {
  const made = Promise.withResolvers();
  made.promise.catch(() => {}); // who does not ask is not told
  return made;
};

class ReadableStream {
  #source;
  #room;
  #controller;
  #chunks = [];
  #reads = [];
  #state = 'readable';
  #reason;
  #isClosing = false;
  #pulling = 'not yet';
  #reader;
  #ended = whenSettled();

  constructor(source = {}, { highWaterMark = 1 } = {}) {
    this.#source = source ?? {};
    this.#room = highWaterMark;
    Object.defineProperty(this, 'disturbed_', { value: false, writable: true });
    this.#controller = new ReadableStreamDefaultController({
      desiredSize: () => (this.#state === 'errored' ? null : this.#state === 'closed' ? 0 : this.#room - this.#chunks.length),
      enqueue: (chunk) => this.#enqueue(chunk),
      close: () => this.#close(),
      fail: (reason) => this.#fail(reason),
    });
    Promise.resolve(this.#source.start?.(this.#controller)).then(
      () => this.#pulled(),
      (reason) => this.#fail(reason),
    );
  }

  get [Symbol.toStringTag]() {
    return 'ReadableStream';
  }
  get locked() {
    return this.#reader !== undefined;
  }
  getReader({ mode } = {}) {
    if (mode !== undefined) throw new TypeError('Readers of bytes (mode "byob") are not available in Cloud Code.');
    return new ReadableStreamDefaultReader(this);
  }
  async cancel(reason) {
    if (this.locked) throw new TypeError('A stream that is read cannot be cancelled but by its reader');
    return this.cancel_(reason);
  }
  async *values({ preventCancel = false } = {}) {
    const reader = this.getReader();
    let isOver = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        isOver = done;
        if (done) return;
        yield value;
      }
    } finally {
      if (!isOver && !preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }
  [Symbol.asyncIterator](options) {
    return this.values(options);
  }
  static from(iterable) {
    const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(await value);
        },
        cancel: (reason) => iterator.return?.(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** For readers, as the next three. */
  lock_(reader) {
    if (this.locked) throw new TypeError('The stream is read already');
    this.#reader = reader;
    return { closed: this.#ended.promise };
  }
  unlock_() {
    for (const { reject } of this.#reads.splice(0)) reject(new TypeError('The reader was released'));
    this.#reader = undefined;
  }
  read_() {
    this.disturbed_ = true;
    if (this.#chunks.length) return this.#nextChunk();
    if (this.#state === 'errored') return Promise.reject(this.#reason);
    if (this.#state === 'closed') return { done: true, value: undefined };
    return new Promise((resolve, reject) => {
      this.#reads.push({ resolve, reject });
      this.#pull();
    });
  }
  async cancel_(reason) {
    this.disturbed_ = true;
    if (this.#state === 'errored') throw this.#reason;
    if (this.#state === 'closed') return;
    this.#chunks = [];
    this.#end();
    await this.#source.cancel?.(reason);
  }

  #nextChunk() {
    const value = this.#chunks.shift();
    if (this.#isClosing && this.#chunks.length === 0) this.#end();
    else this.#pull();
    return { done: false, value };
  }
  #enqueue(chunk) {
    this.#checkOpen();
    const read = this.#reads.shift();
    if (read) read.resolve({ done: false, value: chunk });
    else this.#chunks.push(chunk);
    this.#pull();
  }
  #checkOpen() {
    if (this.#isClosing || this.#state !== 'readable') throw new TypeError('Invalid state: Controller is already closed');
  }
  #close() {
    this.#checkOpen();
    this.#isClosing = true;
    if (this.#chunks.length === 0) this.#end();
  }
  #end() {
    this.#state = 'closed';
    for (const { resolve } of this.#reads.splice(0)) resolve({ done: true, value: undefined });
    this.#ended.resolve();
  }
  #fail(reason) {
    if (this.#state !== 'readable') return;
    Object.assign(this.#chunks, { length: 0 });
    this.#state = 'errored';
    this.#reason = reason;
    for (const { reject } of this.#reads.splice(0)) reject(reason);
    this.#ended.reject(reason);
  }

  /** Asks the source for more; what is asked for meanwhile is asked for after it. */
  #pull() {
    const wanted = this.#reads.length > 0 || this.#chunks.length < this.#room;
    if (!wanted || this.#isClosing || this.#state !== 'readable' || !this.#source.pull) return;
    if (this.#pulling) {
      if (this.#pulling === 'now') this.#pulling = 'again';
      return;
    }
    this.#pulling = 'now';
    Promise.resolve()
      .then(() => this.#source.pull(this.#controller))
      .then(
        () => this.#pulled(),
        (reason) => this.#fail(reason),
      );
  }
  #pulled() {
    const isAsked = this.#pulling !== 'now';
    this.#pulling = '';
    if (isAsked) this.#pull();
  }
}

export { ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController };
