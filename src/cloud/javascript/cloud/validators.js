// Runs a validator before a function or trigger: a function of the request, or an object of rules. What it throws is code 142.

const failed = (text) => `Validation failed. ${text}`;
const kNoUser = failed('Please login to continue.');

const missing = (value) => value === undefined || value === null;

function requireValue(params, key) {
  if (missing(params[key])) throw failed(`Please specify data for ${key}.`);
}

async function checkByFunction(rule, key, value) {
  const invalid = rule.error || failed(`Invalid value for ${key}.`);
  let accepted;
  try {
    accepted = await rule.options(value);
  } catch (error) {
    throw rule.error || error?.message || error || invalid;
  }
  if (!accepted && !missing(accepted)) throw invalid;
}

async function checkOptions(rule, key, value) {
  if (typeof rule.options === 'function') return checkByFunction(rule, key, value);
  const allowed = Array.isArray(rule.options) ? rule.options : [rule.options];
  if (!allowed.includes(value)) throw rule.error || failed(`Invalid option for ${key}. Expected: ${allowed.join(', ')}`);
}

function checkType(rule, key, value) {
  const expected = (rule.type.name ?? String(rule.type)).toLowerCase();
  const isInstance = typeof rule.type === 'function' && rule.type !== Object && value instanceof rule.type;
  if (!isInstance && (Array.isArray(value) ? 'array' : typeof value) !== expected)
    throw failed(`Invalid type for ${key}. Expected: ${expected}`);
}

function fillDefault(rule, key, params, object) {
  if (missing(rule.default) || !missing(params[key])) return;
  params[key] = rule.default;
  object?.set(key, rule.default);
}

/** A constant field of an object keeps what it was, or its default. */
function keepConstant(rule, key, { object, original }) {
  if (!rule.constant || !object) return;
  if (original) object.revert(key);
  else if (!missing(rule.default)) object.set(key, rule.default);
}

async function checkField(rule, key, params, request) {
  if (typeof rule === 'string') return requireValue(params, rule);
  if (rule === null || typeof rule !== 'object') return;
  fillDefault(rule, key, params, request.object);
  keepConstant(rule, key, request);
  if (rule.required) requireValue(params, key);
  else if (params[key] === undefined) return;
  if (rule.type) checkType(rule, key, params[key]);
  if (rule.options) await checkOptions(rule, key, params[key]);
}

async function checkFields(fields, request) {
  const params = request.object ? request.object.toJSON() : (request.params ?? {});
  if (Array.isArray(fields)) return fields.forEach((key) => requireValue(params, key));
  await Promise.all(Object.keys(fields ?? {}).map((key) => checkField(fields[key], key, params, request)));
}

const resolved = async (roles) => (typeof roles === 'function' ? roles() : roles);

async function checkRoles({ requireAnyUserRoles, requireAllUserRoles }, userRoles) {
  const has = (role) => userRoles.includes(`role:${role}`);
  const [any, all] = await Promise.all([resolved(requireAnyUserRoles), resolved(requireAllUserRoles)]);
  if (Array.isArray(any) && !any.some(has)) throw failed('User does not match the required roles.');
  if (Array.isArray(all) && !all.every(has)) throw failed('User does not match all the required roles.');
}

async function checkUserKeys(keys, user) {
  const names = Array.isArray(keys) ? keys : Object.keys(keys ?? {});
  if (names.length && !user) throw 'Please login to make this request.';
  if (Array.isArray(keys)) {
    const absent = keys.find((key) => missing(user.get(key)));
    if (absent !== undefined) throw failed(`Please set data for ${absent} on your account.`);
    return;
  }
  await Promise.all(names.filter((key) => keys[key].options).map((key) => checkOptions(keys[key], key, user.get(key))));
}

const signingUp = (object) => object?.className === '_User' && !object.existed();

async function checkRules(rules, request, userRoles) {
  if (request.master && !rules.validateMasterKey) return;
  const user = request.user ?? (signingUp(request.object) ? request.object : undefined);
  if ((rules.requireUser || rules.requireAnyUserRoles || rules.requireAllUserRoles) && !user) throw kNoUser;
  if (rules.requireMaster && !request.master) throw failed('Master key is required to complete this request.');
  await checkFields(rules.fields, request);
  await checkRoles(rules, userRoles);
  await checkUserKeys(rules.requireUserKeys, user);
}

/** Throws what refuses the request; returns whether the handler is to be left out for the master key. */
export async function validate(validator, request, userRoles = []) {
  if (!validator) return false;
  if (typeof validator === 'function') await validator(request);
  else await checkRules(validator, request, userRoles);
  return Boolean(validator.skipWithMasterKey && request.master);
}
