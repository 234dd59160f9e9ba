// The words that scenarios are written in. A step is one request:
//   name      what it shows, once in its scenario
//   method, path, query, body     `$id(lamp)` in any of them stands for an id that an earlier step saved as `lamp`;
//             a body that is text is sent as it is
//   as        'client' (application id and JavaScript key, the default), 'master', 'readOnly', 'maintenance', 'nobody' (no keys), or
//             {session: 'annToken'}: a client with the session token that an earlier step saved under this name
//   headers   more headers; null takes one away
//   saves     'lamp': keep `objectId` of the answer under this name; {lamp: '0.success.objectId'}: keep what stands there
//   ordered   the order of `results` counts (it does by itself when the query has `order`)
//   shows     names of answer headers to compare, too
// A scenario exports `steps`, and in `differences` by step name where we answer otherwise on purpose: the row of docs/compatibility.md
// that tells why, and our answer.
export const request = (method, name, path, more = {}) => ({ name, method, path, ...more });

export const create = (name, className, body, more) => request('POST', name, `/classes/${className}`, { body, ...more });
export const find = (name, className, query, more) => request('GET', name, `/classes/${className}`, { query, ...more });
export const get = (name, className, id, more) => request('GET', name, `/classes/${className}/$id(${id})`, more);
export const update = (name, className, id, body, more) => request('PUT', name, `/classes/${className}/$id(${id})`, { body, ...more });
export const remove = (name, className, id, more) => request('DELETE', name, `/classes/${className}/$id(${id})`, more);

// Which objects match: of each only the id, so that differing answers stay short.
export const where = (name, className, filter, more) => find(name, className, { where: filter, keys: 'objectId' }, more);
export const batch = (name, body, more) => request('POST', name, '/batch', { body, ...more });
export const item = (method, path, body) => ({ method, path: `/parse${path}`, ...(body ? { body } : {}) });

export const schemaOf = (name, className, more) => request('GET', name, `/schemas/${className}`, { as: 'master', ...more });
export const makeSchema = (name, className, body, more) =>
  request('POST', name, `/schemas/${className}`, { as: 'master', body: { className, ...body }, ...more });
export const changeSchema = (name, className, body, more) =>
  request('PUT', name, `/schemas/${className}`, { as: 'master', body: { className, ...body }, ...more });
export const dropSchema = (name, className, more) => request('DELETE', name, `/schemas/${className}`, { as: 'master', ...more });
export const aggregate = (name, className, query, more) =>
  request('GET', name, `/aggregate/${className}`, { as: 'master', query, ...more });

// Users: `signUp` saves the id as `ann` and the token as `annToken`, which `by('ann')` then acts with.
const kSession = (who) => ({ [who]: 'objectId', [`${who}Token`]: 'sessionToken' });
export const by = (who) => ({ as: { session: `${who}Token` } });
export const signUp = (name, who, fields, more) =>
  request('POST', name, '/users', { body: { password: 'secret', ...fields }, saves: kSession(who), ...more });
export const logIn = (name, body, more) => request('POST', name, '/login', { body, ...more });
export const byId = (...ids) => Object.fromEntries(ids.map((id) => [`$id(${id})`, true]));
export const aclOf = (...ids) => Object.fromEntries(ids.map((id) => [`$id(${id})`, { read: true, write: true }]));

export const pointer = (className, id) => ({ __type: 'Pointer', className, objectId: `$id(${id})` });
export const date = (iso) => ({ __type: 'Date', iso });
export const geoPoint = (latitude, longitude) => ({ __type: 'GeoPoint', latitude, longitude });
export const polygon = (...coordinates) => ({ __type: 'Polygon', coordinates });

// Differences: row, then status and answer.
export const differs = (row, status, body) => ({ row, status, body });
export const differsByError = (row, status, code, error) => differs(row, status, { code, error });
export const differsByIds = (row, ...ids) =>
  differs(row, 200, { results: ids.map((id) => ({ objectId: `$id(${id})`, createdAt: '$date', updatedAt: '$date' })) });
