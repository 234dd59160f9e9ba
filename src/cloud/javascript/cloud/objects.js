// Objects before and after a save: the client's save as pending operations over what is stored, and what the code made of them.
import { Parse } from '../sdk.js';
import { inflate } from './requests.js';

const isOperation = (value) => typeof value?.__op === 'string';

// Fields that belong to the class and that `set` refuses are part of the object from the start.
const readOnlyOf = (className) => inflate(className, {}).constructor.readOnlyAttributes?.() ?? [];

const fieldName = /^[A-Za-z][0-9A-Za-z_.]*$/;

/** What no object can hold goes back to the server as it came, which says what is wrong with it. */
const isForServer = (key) => !fieldName.test(key) || key === 'createdAt' || key === 'updatedAt';

/** `{"a.b": value}` over an object a; one level deep, as in Parse Server. */
function setDotted(object, path, value) {
  if (isOperation(value)) return object.set(path, value);
  const [field, key] = path.split('.');
  const parent = object.get(field);
  object.set(field, { ...(parent !== null && typeof parent === 'object' ? parent : {}), [key]: value });
}

/** The object of a beforeSave: as stored, with the client's update pending. */
export function applySave(className, { update, original }) {
  const readOnly = readOnlyOf(className);
  const stored = { ...original };
  if (!original) for (const key of readOnly) if (update[key] !== undefined) stored[key] = update[key];
  const object = inflate(className, stored);
  const plain = {};
  for (const [key, value] of Object.entries(update)) {
    if (isForServer(key)) continue;
    if (key.includes('.')) setDotted(object, key, value);
    else if (!readOnly.includes(key)) plain[key] = Parse._decode(undefined, value);
  }
  object.set(plain, { ignoreValidation: true });
  return object;
}

/** The save as the code left it; a new object may have got an id of its own. */
export function saveOf(object, { update, original }) {
  const passed = Object.entries(update).filter(([key]) => isForServer(key));
  return { ...Object.fromEntries(passed), ...object._getSaveJSON(), ...(object.id && !original ? { objectId: object.id } : {}) };
}

/** The fields of the client's save that the code took back. */
export function revertedBy(object, { update }) {
  const pending = object._getPendingOps()[0];
  const readOnly = readOnlyOf(object.className);
  const isTaken = (key) => !isForServer(key) && !key.includes('.') && !readOnly.includes(key);
  return Object.keys(update).filter((key) => isTaken(key) && !(key in pending));
}

function pendingFields(object) {
  const pending = object._getPendingOps()[0];
  return Object.fromEntries(
    Object.keys(pending).map((key) => [key, pending[key] instanceof Parse.Op.Unset ? { __op: 'Delete' } : fieldOf(object, key)]),
  );
}

const fieldOf = (object, key) => Parse._encode(object.get(key), false, true);

/** What an afterSave changed in the answer: fields that it set, or the whole answer when it returns a plain object. */
export function changedFields(object, returned) {
  if (returned instanceof Parse.Object)
    return { object: { ...(returned === object ? {} : returned.toJSON()), ...pendingFields(returned) } };
  if (returned !== null && typeof returned === 'object') return { response: Parse._encode(returned) };
  return { object: pendingFields(object) };
}
