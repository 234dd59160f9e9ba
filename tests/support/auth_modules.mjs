// Modules of ways to sign in, and servers that have them.
import fs from 'node:fs';
import path from 'node:path';
import { cloudFolder } from './cloud.mjs';
import { keys } from './client.mjs';
import { startOwnServer } from './server.mjs';

/** Checks a token; what it says of the request comes back to the client. */
export const tokenModule = `
module.exports = {
  validateAppId(appIds, authData) {
    if (authData.app && !appIds.includes(authData.app)) throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, 'wrong app');
  },
  async validateAuthData(authData, options, request) {
    const outcomes = {
      bad: () => { throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, 'bad token'); },
      text: () => { throw 'just text'; },
      error: () => { throw new TypeError('an error'); },
      empty: () => Promise.reject(),
      none: () => ({ doNotSave: true, response: { told: 'nothing saved' } }),
      save: () => ({ save: { id: authData.id, kept: true }, response: { told: 'kept' } }),
      loop: () => { for (;;); },
      again: () => new Parse.User().save({ authData: { token: authData } }),
      asks: async () => ({ response: { count: await new Parse.Query('_User').count({ useMasterKey: true }) } }),
      told: () => ({ response: { keys: Object.keys(request).sort(), options: Object.keys(options).sort(), original: request.original?.get('username'),
        sent: request.object.get('username'), user: request.user?.get('username'), master: request.master, header: request.headers['x-told'] } }),
    };
    return outcomes[authData.token]?.();
  },
};`;

/** In three steps, with a policy and what others see of it. */
export const stepsModule = `
module.exports = class {
  constructor(options) { this.policy = options?.policy; }
  async validateSetUp(authData, options, request) {
    return { save: { ...authData, step: 'setup' }, response: { step: request.triggerName } };
  }
  async validateLogin(authData, options, request) {
    if (authData.token !== 't') throw 'wrong';
    return { doNotSave: true, response: { step: request.triggerName } };
  }
  async validateUpdate(authData, options, request) {
    return { save: { ...authData, step: 'update' }, response: { step: request.triggerName } };
  }
  async challenge(data, authData, options, request) {
    if (data.bad) throw 'no';
    return { question: data.ask, policy: options.options.policy, authData, isChallenge: request.isChallenge, of: request.object?.get('username') };
  }
  afterFind(authData, options, request) {
    return request.master ? undefined : { id: authData.id, shown: true };
  }
};`;

/** A single-use code: what is stored gets shorter with each sign-in. */
export const codesModule = `
export const validateSetUp = async ({ id }) => ({ save: { id, codes: ['one', 'two'] } });
export const validateUpdate = validateSetUp;
export const validateLogin = async ({ id, code }, options, request) => {
  const { codes } = request.original.get('authData').codes;
  if (!codes.includes(code)) throw new Parse.Error(101, 'no such code');
  return { save: { id, codes: codes.filter((each) => each !== code) } };
};`;

/** A config file beside these modules, for `serve --config`; main.js among them is the Cloud Code. */
export function configFile(config, files) {
  const folder = cloudFolder(files);
  const file = path.join(folder, 'config.json');
  const cloud = files['main.js'] ? { cloud: path.join(folder, 'main.js') } : {};
  fs.writeFileSync(file, JSON.stringify({ ...cloud, ...config }));
  return file;
}

/** A server with this config, whose modules are `files`. */
export async function startWithModules(config, files, { args = [], ...options } = {}) {
  const all = { maintenanceKey: keys.maintenanceKey, ...config };
  return startOwnServer({ ...options, args: ['--config', configFile(all, files), ...args] });
}
