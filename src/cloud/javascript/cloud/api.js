// Parse.Cloud as the users' code sees it: what defines code, and what calls it.
import { addFunction, addJob, addLiveQueryHandler, addTrigger, classNameOf, isClassReference } from './registry.js';
import { exchange } from '../host.js';
import { console, logger } from '../console.js';
import { adapterOf } from './adapters.js';
import { Parse } from '../sdk.js';
import { checkValidator } from './validator_rules.js';
import { httpRequest } from './http_request.js';
import { serverConfig, setServerConfig } from './server_config.js';

const routes = { _User: '/users{/*id}', _Session: '/sessions{/*id}', '@File': '/files{/*id}', '@Config': '/config' };

const routeOf = (className) => routes[className] ?? `/classes/${className}{/*id}`;

const asText = (methods) => (methods instanceof RegExp ? methods.source : methods);

function checkLimit(limit) {
  const name = Object.keys(limit).find((key) => typeof limit[key] === 'function');
  if (name) throw new Error(`Invalid type for rate limit option "${name}": it cannot be a function.`);
}

/** The limit that a validator asks for, of this route where it names none itself. */
function limitOf(validator, requestPath, methods) {
  if (!validator?.rateLimit) return undefined;
  checkLimit(validator.rateLimit);
  const { requestMethods = methods, ...limit } = validator.rateLimit;
  return { requestPath, requestMethods: asText(requestMethods), ...limit };
}

/** (class, handler, validator): triggers of any class, and the methods that their rate limit counts. */
const classTriggers = {
  beforeSave: ['POST', 'PUT'],
  beforeDelete: ['DELETE'],
  beforeFind: ['GET'],
  afterSave: null,
  afterDelete: null,
  afterFind: null,
  beforeSubscribe: null,
  afterLiveQueryEvent: null,
};

/** ([class,] handler, validator): triggers of one system class. Their validators limit the rate only, as in Parse Server. */
const systemTriggers = {
  beforeLogin: { className: '_User', path: '/login', methods: ['POST', 'GET'] },
  afterLogin: { className: '_User' },
  afterLogout: { className: '_Session' },
  beforePasswordResetRequest: { className: '_User', path: '/requestPasswordReset', methods: ['POST'] },
};

// Parse Server's internal name of this one differs from the name users call it by.
const typeOf = (name) => (name === 'afterLiveQueryEvent' ? 'afterEvent' : name);

function defineClassTrigger(name, methods) {
  return (reference, handler, validator) => {
    const className = classNameOf(reference);
    checkValidator(validator);
    addTrigger(typeOf(name), className, handler, validator, methods ? limitOf(validator, routeOf(className), methods) : undefined);
  };
}

function defineSystemTrigger(name, { className, path, methods }) {
  return (...args) => {
    const named = isClassReference(args[0]);
    const [handler, validator] = named ? args.slice(1) : args;
    addTrigger(name, named ? classNameOf(args[0]) : className, handler, undefined, path && limitOf(validator, path, methods));
  };
}

const kNoMail = 'Failed to send email because no mail adapter is configured for Parse Server.';

/** By the adapter of the options, else by the server; where neither can, that is logged, as in Parse Server. */
async function sendEmail(data) {
  const adapter = adapterOf('emailAdapter');
  if (adapter) return adapter.sendMail(data);
  const { error, notSetUp } = await exchange('email', { message: data }).answer;
  if (notSetUp) return logger.error(kNoMail);
  if (error !== undefined) throw new Error(error);
}

const api = {
  define(name, handler, validator) {
    checkValidator(validator);
    addFunction(name, handler, validator, limitOf(validator, `/functions/${name}`));
  },
  job: addJob,
  beforeConnect(handler, validator) {
    checkValidator(validator);
    addTrigger('beforeConnect', '@Connect', handler, validator);
  },
  onLiveQueryEvent: addLiveQueryHandler,
  sendEmail,
  httpRequest,
  useMasterKey() {
    console.warn('Parse.Cloud.useMasterKey() has no effect: pass { useMasterKey: true } with each call that needs it.');
  },
};

for (const [name, methods] of Object.entries(classTriggers)) api[name] = defineClassTrigger(name, methods);
for (const [name, trigger] of Object.entries(systemTriggers)) api[name] = defineSystemTrigger(name, trigger);

Parse.Cloud = { ...Parse.Cloud, ...api };

Object.defineProperty(Parse, 'Server', { get: () => ({ ...serverConfig() }), set: setServerConfig, configurable: true, enumerable: true });
