// Adapters of ways to sign in: what the host asks of them, and their methods as Parse Server calls them.
import { Parse } from '../sdk.js';
import { applySave } from './objects.js';
import { inflate, triggerRequest, userOf } from './requests.js';

/** What is answered for errors that say nothing themselves. */
export const authErrors = {
  validate: { message: 'Auth failed. Unknown error.' },
  challenge: { message: 'Challenge failed. Unknown error.' },
};

const kPolicies = ['default', 'solo', 'additional'];
const kThree = ['validateSetUp', 'validateLogin', 'validateUpdate'];

const isFunction = (value) => typeof value === 'function';

function check(adapter) {
  const { policy } = adapter;
  if (policy && !kPolicies.includes(policy) && !isFunction(policy)) {
    throw new Error(
      'AuthAdapter policy is not configured correctly. The value must be either "solo", "additional", "default" or undefined ' +
        '(will be handled as "default")',
    );
  }
  if (!isFunction(adapter.validateAuthData) && !kThree.every((name) => isFunction(adapter[name]))) {
    throw new Error(
      'Adapter is not configured. Implement either validateAuthData or all of the following: validateSetUp, validateLogin and ' +
        'validateUpdate',
    );
  }
}

/** What the host may ask of the adapter. Throws what is wrong with it. */
export function authMethods(adapter, options) {
  check(adapter);
  if (isFunction(adapter.validateOptions)) adapter.validateOptions(options);
  const asked = ['challenge', 'afterFind'].filter((name) => isFunction(adapter[name]));
  if (adapter.policy && adapter.policy !== 'default') asked.push('policy');
  return ['validate', ...asked];
}

function requestOf(method, json) {
  const original = json.original ? { original: inflate('_User', json.original) } : {};
  return triggerRequest(method, json, { object: applySave('_User', { update: json.update ?? {}, original: json.original }), ...original });
}

/** The method that is meant: of somebody who is signed in, who signs in, or who comes anew. */
function methodFor(adapter, { isLoggedIn, isConfigured }) {
  if (isFunction(adapter.validateAuthData)) return 'validateAuthData';
  if (!isConfigured) return 'validateSetUp';
  return isLoggedIn ? 'validateUpdate' : 'validateLogin';
}

async function validate(adapter, options, json) {
  const { authData } = json;
  const method = methodFor(adapter, json);
  const request = requestOf(method === 'validateAuthData' ? undefined : method, json);
  if (options?.appIds && isFunction(adapter.validateAppId)) await adapter.validateAppId(options.appIds, authData, options, request);
  const { save, doNotSave, response } = (await adapter[method](authData, options, request)) ?? {};
  // An adapter may change what it was given.
  return { save: doNotSave ? undefined : (save ?? authData), doNotSave: Boolean(doNotSave), response };
}

const lookingOn = (json) => ({ ip: json.ip, user: userOf(json.user), master: json.master === true });

const operations = {
  validate,
  policy(adapter, options, json) {
    const { policy } = adapter;
    return { policy: isFunction(policy) ? policy.call(adapter, lookingOn(json), json.authData) : policy };
  },
  async challenge({ challenge }, options, json) {
    const user = json.original && inflate('_User', json.original);
    const request = triggerRequest(undefined, json, { object: user, ...(user ? { original: user } : {}), isChallenge: true });
    return { response: (await challenge(json.challengeData, json.authData, options, request)) || true };
  },
  async afterFind(adapter, options, json) {
    return { authData: (await adapter.afterFind(json.authData, options, lookingOn(json))) || json.authData };
  },
};

export async function runAuthAdapter(adapter, options, method, json) {
  return Parse._encode(await operations[method](adapter, options, json));
}
