// Runs functions and jobs, with one argument or, in the old style, two.
import { send } from '../host.js';
import { encodeResult } from './results.js';
import { functionRequest, jobRequest } from './requests.js';
import { refusedBy } from './refusal.js';
import { validate } from './validators.js';
import { Parse } from '../sdk.js';

const isThenable = (value) => typeof value?.then === 'function';

function answerOf(result, { status, headers } = {}) {
  const encoded = encodeResult(result);
  return {
    ...(encoded === undefined ? {} : { result: encoded }),
    ...(status === undefined ? {} : { status }),
    ...(headers ? { headers } : {}),
  };
}

const kOnlyOnce = 'Make sure to call success() or error() only once per cloud function execution.';

/** The second argument of an old-style function: success, error, status, header. */
class FunctionResponse {
  constructor(resolve, reject) {
    Object.assign(this, { resolve, reject, sent: false, extras: {} });
    for (const name of ['success', 'error', 'status', 'header']) this[name] = this[name].bind(this);
  }
  once(name) {
    if (this.sent) {
      throw new Error(`Cannot call ${name}() after response has already been sent. ${kOnlyOnce}`);
    }
    this.sent = true;
  }
  success(result) {
    this.once('success');
    try {
      this.resolve(answerOf(result, this.extras));
    } catch (error) {
      this.reject(error);
    }
  }
  error(codeOrMessage, message) {
    this.once('error');
    this.reject(message === undefined ? codeOrMessage : new Parse.Error(codeOrMessage, message));
  }
  status(code) {
    this.extras.status = code;
    return this;
  }
  header(name, value) {
    this.extras.headers = { ...this.extras.headers, [name]: String(value) };
    return this;
  }
}

/** Ends with a response, with an error, or with the value that the function returns. */
function runOldStyle(handler, request) {
  return new Promise((resolve, reject) => {
    const response = new FunctionResponse(resolve, reject);
    const returned = (result) => result !== undefined && !response.sent && response.success(result);
    Promise.resolve(handler(request, response)).then(returned).catch(reject);
  });
}

export async function runFunction({ handler, validator }, name, json) {
  const request = functionRequest(name, json);
  if (validator) await validate(validator, request, json.userRoles).catch(refusedBy);
  if (handler.length >= 2) return runOldStyle(handler, request);
  return answerOf(await handler(request));
}

const asMessage = (value) => (typeof value === 'string' && value ? { message: value } : {});

/** An old-style job ends when it says so, or when the promise that it returns ends. */
function runOldJob(handler, request) {
  return new Promise((resolve, reject) => {
    const status = { success: resolve, error: reject, message: request.message };
    const result = handler(request, status);
    if (isThenable(result)) result.then(resolve, reject);
  });
}

export async function runJob({ handler }, id, name, json) {
  const message = (text) => send('progress', { id, message: String(text) });
  const request = jobRequest(name, json, message);
  return asMessage(await (handler.length >= 2 ? runOldJob(handler, request) : handler(request)));
}
