// Modules that the options name: they are loaded before the main file, and the host calls their methods.
import { send } from '../host.js';
import { loadNamed } from '../modules.js';
import { authErrors, authMethods, runAuthAdapter } from './auth_adapters.js';

const adapters = new Map();

export const adapterOf = (name) => adapters.get(name)?.made;

const isAuth = (name) => name.startsWith('auth.');

/** As Parse Server makes an adapter of what a module exports: a class, a function of the options, or the adapter itself. */
function make(exported, options) {
  if (typeof exported === 'function') {
    try {
      return exported(options);
    } catch (error) {
      if (error?.name === 'TypeError') return new exported(options);
      throw error;
    }
  }
  const inner = exported?.class ?? exported?.adapter;
  return inner ? make(inner, exported.options) : exported;
}

function methodsOf(made) {
  const names = new Set();
  for (let at = made; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return [...names].filter((name) => name !== 'constructor' && typeof made[name] === 'function');
}

/** A callback is the function itself; it has the one method "call". */
const isCallback = (name) => name.endsWith('Callback');

/** What an adapter must have. */
const methods = { emailAdapter: ['sendMail'], 'push.adapter': ['send', 'getValidPushTypes'] };

function checkMethods(name, found) {
  if (isCallback(name) && !found.includes('call')) throw new Error('The module exports no function.');
  const absent = methods[name]?.find((method) => !found.includes(method));
  if (absent) throw new Error(`The adapter has no function ${absent}.`);
}

function adapterFrom(name, exported, options) {
  if (isAuth(name)) return make(exported, options?.options);
  return isCallback(name) ? { call: exported } : make(exported, options);
}

async function load({ name, module, from, options }) {
  const loaded = await loadNamed(module, from);
  const made = adapterFrom(name, loaded?.default ?? loaded, options);
  if (made === null || typeof made !== 'object') throw new Error('The module exports no adapter.');
  const found = isAuth(name) ? authMethods(made, options) : methodsOf(made);
  checkMethods(name, found);
  adapters.set(name, { made, options });
  send('register', { kind: 'adapter', name, methods: found });
}

function named(name, error) {
  if (!(error instanceof Error)) return new Error(`${name}: ${error?.message ?? error}`);
  error.message = `${name}: ${error.message}`;
  return error;
}

export async function loadAdapters(list = []) {
  for (const adapter of list) {
    try {
      await load(adapter);
    } catch (error) {
      throw named(adapter.name, error);
    }
  }
}

export const adapterDefaults = (method) => authErrors[method];

export async function runAdapter(name, method, request) {
  const { made, options } = adapters.get(name);
  if (isAuth(name)) return runAuthAdapter(made, options, method, request);
  return { result: await made[method](...request.arguments) };
}
