// The only file that talks to the host: messages, questions and answers as src/cloud/protocol.h describes them.

const hostSend = globalThis.__host_send;
const hostAsk = globalThis.__host_ask;
const hostCompile = globalThis.__host_compile;
const hostBytes = globalThis.__host_bytes;
const hostText = globalThis.__host_text;

for (const name of ['__host_send', '__host_ask', '__host_compile', '__host_bytes', '__host_text']) delete globalThis[name];

const handlers = new Map();
const pending = new Map();
let lastId = 0;

export const nextId = () => String(++lastId);

export function send(type, fields) {
  hostSend(JSON.stringify({ type, ...fields }));
}

/** Asks the host and throws what it cannot answer. */
export function ask(op, fields) {
  const answer = JSON.parse(hostAsk(JSON.stringify({ op, ...fields })));
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Evaluates a script; its errors name the file and its lines. */
export const compile = (source, file) => hostCompile(source, file);

/** Evaluates an ES module: its namespace, or a promise of it where something in it awaits. */
export const compileModule = (source, file) => hostCompile(source, file, 'module');

/** An ArrayBuffer with the bytes of a text in "utf8" or "base64"; undefined where the host does not take it. */
export function bytesOf(text, encoding) {
  if (encoding === 'utf8' && (text.includes('\0') || !text.isWellFormed())) return undefined;
  return hostBytes(text, encoding);
}

/** The text of an ArrayBuffer's bytes; undefined where the host does not take them. */
export const textOf = (buffer, encoding) => hostText(buffer, encoding);

/** What happens when a message of this type arrives. */
export function onMessage(type, handler) {
  handlers.set(type, handler);
}

/** Sends a message that the host answers with one of the same type and id. Returns {id, answer}: a promise of what `read` makes of it. */
export function exchange(type, fields, read) {
  const id = nextId();
  const answer = new Promise((resolve, reject) => pending.set(id, { resolve, reject, read }));
  try {
    send(type, { id, ...fields });
  } catch (error) {
    pending.delete(id);
    throw error;
  }
  return { id, answer };
}

function receive(text) {
  const message = JSON.parse(text);
  const handler = handlers.get(message.type);
  if (handler) return void handler(message);
  const asked = pending.get(message.id);
  if (!asked) return;
  pending.delete(message.id);
  try {
    asked.resolve(asked.read ? asked.read(message) : message);
  } catch (error) {
    asked.reject(error);
  }
}

export function offer(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

offer('__parsimony_receive', receive);
