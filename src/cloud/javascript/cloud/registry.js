// What the users' code defined. The host hears of every definition; the last of a name wins, as in Parse Server.
import { send } from '../host.js';
import { logger } from '../console.js';
import { stackOf } from '../errors.js';
import { Parse } from '../sdk.js';

const functions = new Map();
const jobs = new Map();
const triggers = new Map();
const stores = { function: functions, job: jobs, trigger: triggers };

/** Handlers of onLiveQueryEvent, which have no name. */
export const liveQueryHandlers = [];

export const triggerKey = (type, className) => `${type}.${className}`;

export function find(kind, name, className) {
  return stores[kind]?.get(kind === 'trigger' ? triggerKey(name, className) : name);
}

function checkHandler(what, handler) {
  if (typeof handler !== 'function') throw new TypeError(`${what} needs a function as its handler.`);
}

function checkName(what, name) {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${what} needs a name.`);
  if (/['"`]/.test(name)) throw new Error(`${what}: the name ${name} may not hold quotes.`);
}

function add(kind, key, entry) {
  const store = stores[kind];
  if (store.has(key)) {
    const name = key.split('.').at(-1);
    logger.warn(`Warning: Duplicate cloud functions exist for ${name}. Only the last one will be used and the others will be ignored.`);
  }
  store.set(key, entry);
}

const framesOf = (error) => stackOf(error).split('\n').slice(1).join('\n');

/** A rate limit is checked by the host, who then names the place of the definition. */
function announce(kind, name, className, validator, rateLimit) {
  const stack = rateLimit ? framesOf(new Error()) : undefined;
  send('register', { kind, name, className, rateLimit, requireUser: validator?.requireUser === true || undefined, stack });
}

export function addFunction(name, handler, validator, rateLimit) {
  checkName('Parse.Cloud.define', name);
  checkHandler(`Parse.Cloud.define('${name}')`, handler);
  add('function', name, { handler, validator });
  announce('function', name, undefined, validator, rateLimit);
}

export function addJob(name, handler) {
  checkName('Parse.Cloud.job', name);
  checkHandler(`Parse.Cloud.job('${name}')`, handler);
  add('job', name, { handler });
  announce('job', name);
}

const userOnly = ['beforeLogin', 'afterLogin', 'beforePasswordResetRequest'];

/** Parse Server's refusals, in its words. */
function checkClass(type, className) {
  if (type === 'beforeSave' && className === '_PushStatus') throw new Error('Only afterSave is allowed on _PushStatus');
  if (userOnly.includes(type) && className !== '_User') {
    throw new Error('Only the _User class is allowed for the beforeLogin, afterLogin, and beforePasswordResetRequest triggers');
  }
  if (type === 'afterLogout' && className !== '_Session')
    throw new Error('Only the _Session class is allowed for the afterLogout trigger.');
  if (className === '_Session' && type !== 'afterLogout')
    throw new Error('Only the afterLogout trigger is allowed for the _Session class.');
}

/** Triggers of before Parse Server 3, which ended with response.success(). */
function warnOfResponse(what, handler) {
  if (handler.length < 2) return;
  logger.warn(`${what} takes (request, response), but triggers get no response: they end when they return, and throw to refuse.`);
}

export function addTrigger(type, className, handler, validator, rateLimit) {
  checkName(`Parse.Cloud.${type}`, className);
  checkClass(type, className);
  checkHandler(`Parse.Cloud.${type}('${className}')`, handler);
  warnOfResponse(`Parse.Cloud.${type}('${className}')`, handler);
  add('trigger', triggerKey(type, className), { handler, validator });
  announce('trigger', type, className, validator, rateLimit);
}

export function addLiveQueryHandler(handler) {
  checkHandler('Parse.Cloud.onLiveQueryEvent', handler);
  liveQueryHandlers.push(handler);
  announce('trigger', 'onLiveQueryEvent', '');
}

/** A name, a class of objects, Parse.File or Parse.Config. */
export function classNameOf(reference) {
  if (reference === Parse.File) return '@File';
  if (reference === Parse.Config) return '@Config';
  return reference?.className ?? reference;
}

export const isClassReference = (value) => typeof value === 'string' || (typeof value === 'function' && Object.hasOwn(value, 'className'));
