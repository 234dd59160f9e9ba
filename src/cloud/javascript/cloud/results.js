// Encodes what a function returns, and says plainly why something cannot be returned.
import { Parse } from '../sdk.js';

const refuse = (text) => new Parse.Error(Parse.Error.SCRIPT_FAILED, text);

const isParseValue = (value) => value instanceof Parse.Object || value instanceof Parse.File || value instanceof Date;

function findCircle(value, path) {
  if (value === null || typeof value !== 'object' || isParseValue(value)) return false;
  if (path.includes(value)) return true;
  return Object.values(value).some((member) => findCircle(member, [...path, value]));
}

function* leaves(value) {
  if (value instanceof Parse.Object || value instanceof Parse.File) yield value;
  else if (value !== null && typeof value === 'object') for (const member of Object.values(value)) yield* leaves(member);
}

function reasonOf(value, error) {
  if (findCircle(value, [])) return 'The result refers to itself and cannot be sent as JSON.';
  for (const leaf of leaves(value)) {
    if (leaf instanceof Parse.Object && !leaf.id) {
      return `The result holds an unsaved object of the class ${leaf.className}: save it first, or return its toJSON().`;
    }
    if (leaf instanceof Parse.File && !leaf.url()) return `The result holds the unsaved file ${leaf.name()}: save it first.`;
  }
  return `The result cannot be sent as JSON: ${error?.message ?? error}`;
}

export function encodeResult(value) {
  try {
    return Parse._encode(value);
  } catch (error) {
    throw refuse(reasonOf(value, error));
  }
}
