// beforeFind and afterFind: the query as Parse.Query, the rows as objects.
import { Parse } from '../sdk.js';
import { isDeepEqual } from '../core/deep_equal.js';
import { contextOf, inflate, triggerRequest } from './requests.js';

const listed = ['include', 'keys', 'excludeKeys', 'order'];

/** The host may send lists where the SDK reads comma-separated text; a limit of 0 the SDK would overlook. */
function queryOf(className, json = {}) {
  const texts = listed.filter((key) => Array.isArray(json[key])).map((key) => [key, json[key].join(',')]);
  const query = new Parse.Query(className).withJSON({ ...json, ...Object.fromEntries(texts) });
  return json.limit === 0 ? query.limit(0) : query;
}

const preferences = ['readPreference', 'includeReadPreference', 'subqueryReadPreference'];

function preferencesOf(request) {
  return Object.fromEntries(preferences.filter((key) => request[key]).map((key) => [key, request[key]]));
}

const asked = new WeakMap();

const isObjects = (value) => Array.isArray(value) && value.every((item) => item instanceof Parse.Object);

export const beforeFind = {
  request(name, className, json) {
    const query = queryOf(className, json.query);
    const request = triggerRequest(name, json, { query, count: json.count === true, isGet: json.isGet === true, context: contextOf(json) });
    asked.set(request, structuredClone(query.toJSON()));
    return request;
  },
  answer(request, returned) {
    if (returned instanceof Parse.Object) return { objects: rowsOf([returned]) };
    if (isObjects(returned)) return { objects: rowsOf(returned) };
    const query = returned instanceof Parse.Query ? returned : request.query;
    // What the code's query leaves open stays as the client asked for it.
    const changed = { ...asked.get(request), ...query.toJSON(), ...preferencesOf(request) };
    return isDeepEqual(changed, asked.get(request), true) ? {} : { query: changed };
  },
};

/** The object with all that the code set on it, saved or not. */
function rowOf(value) {
  if (typeof value?.toJSON !== 'function') return value;
  const row = value.toJSON();
  if (!(value instanceof Parse.Object)) return row;
  for (const key of Object.keys(value._getPendingOps()[0])) {
    const field = value.get(key);
    row[key] = typeof field?._toFullJSON === 'function' ? field._toFullJSON() : Parse._encode(field);
  }
  return { ...row, className: row.className ?? value.className };
}

const rowsOf = (objects) => objects.map(rowOf);

export const afterFind = {
  request: (name, className, json) =>
    triggerRequest(name, json, {
      objects: (json.objects ?? []).map((row) => inflate(className, row)),
      query: queryOf(className, json.query),
      isGet: json.isGet === true,
      context: contextOf(json),
    }),
  answer(request, returned) {
    const objects = returned || request.objects;
    if (!Array.isArray(objects)) throw new TypeError('An afterFind trigger returns an array of objects, or nothing.');
    return { objects: rowsOf(objects) };
  },
};
