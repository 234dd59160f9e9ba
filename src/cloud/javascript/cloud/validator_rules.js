// Checks a validator object when it is defined, with Parse Server's texts.

const flag = ['boolean'];
const fieldRules = {
  type: ['Any'],
  constant: flag,
  default: ['Any'],
  options: ['array', 'function', 'Any'],
  required: flag,
  error: ['string'],
};

const rules = {
  requireUser: flag,
  requireAnyUserRoles: ['array', 'function'],
  requireAllUserRoles: ['array', 'function'],
  requireMaster: flag,
  validateMasterKey: flag,
  skipWithMasterKey: flag,
  requireUserKeys: ['array', 'object'],
  fields: ['array', 'object'],
  rateLimit: ['object'],
};

const typeOf = (value) => (Array.isArray(value) ? 'array' : typeof value);

function checkKey(key, allowed, value) {
  if (!Object.hasOwn(allowed, key)) throw new Error(`${key} is not a supported parameter for Cloud Function validations.`);
  const types = allowed[key];
  if (!types.includes(typeOf(value)) && !types.includes('Any')) {
    throw new Error(`Invalid type for Cloud Function validation key ${key}. Expected ${types.join('|')}, actual ${typeOf(value)}`);
  }
}

function checkFields(fields) {
  if (Array.isArray(fields)) return;
  for (const name in fields) {
    for (const key in fields[name]) checkKey(key, fieldRules, fields[name][key]);
  }
}

export function checkValidator(validator) {
  if (!validator || typeof validator === 'function') return;
  for (const key in validator) {
    checkKey(key, rules, validator[key]);
    if (key === 'fields' || key === 'requireUserKeys') checkFields(validator[key]);
  }
}
