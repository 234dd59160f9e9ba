// Marks what a validator threw, so that it is answered as code 142 instead of 141.
import { describe, kValidationError } from '../errors.js';
import { isParseError } from '../sdk.js';

class Refusal {
  constructor(thrown) {
    this.thrown = thrown;
  }
}

export function refusedBy(thrown) {
  throw new Refusal(thrown);
}

const validatorDefaults = { code: kValidationError, message: 'Validation failed.' };

/** {code, message, stack} for the client; `defaults` are the caller's for what comes without code and text. */
export function errorOf(thrown, defaults) {
  if (thrown instanceof Refusal) return describe(thrown.thrown, isParseError, validatorDefaults);
  return describe(thrown, isParseError, defaults);
}
