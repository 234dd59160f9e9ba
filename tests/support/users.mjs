// Users and roles for tests, with names that no other test uses, also when several runs share one database.
import assert from 'node:assert/strict';
import { createdId } from './assert.mjs';
import { keys } from './client.mjs';
import { uniqueName } from './server.mjs';

export const kPassword = 'secret';

// Options of `send` for callers without a user.
export const master = { master: true };
export const readOnly = { headers: { 'X-Parse-Master-Key': keys.readOnlyMasterKey } };
export const maintenance = { headers: { 'X-Parse-Maintenance-Key': keys.maintenanceKey } };
export const bySession = (token) => ({ headers: { 'X-Parse-Session-Token': token } });
export const moreKeys = ['--maintenanceKey', keys.maintenanceKey, '--readOnlyMasterKey', keys.readOnlyMasterKey];

export const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
export const userPointer = (user) => pointer('_User', user.id);

// A new user: {id, name, token, as, acl}. `as` are the options to act as this user, `acl` is an ACL of that user alone.
export async function signUp(api, name, fields = {}, options = {}) {
  const username = uniqueName(name);
  const response = await api.request('POST', '/users', { username, password: kPassword, ...fields }, options);
  const id = createdId(response);
  const token = response.json.sessionToken;
  assert.match(token, /^r:[0-9a-f]{32}$/);
  return { id, name: username, token, as: bySession(token), acl: { [id]: { read: true, write: true } } };
}

// Another session of a user: its token.
export async function logIn(api, user, options = {}) {
  const response = await api.request('POST', '/login', { username: user.name, password: kPassword }, options);
  assert.equal(response.status, 200, response.text);
  return response.json.sessionToken;
}

const relation = (objects) => ({ __op: 'AddRelation', objects });

// A new role that only the master key may change: {id, name, entity, acl}.
export async function makeRole(api, name, { users = [], roles = [], ACL = {} } = {}) {
  const body = { name: uniqueName(name), ACL };
  if (users.length) body.users = relation(users.map(userPointer));
  if (roles.length) body.roles = relation(roles.map((role) => pointer('_Role', role.id)));
  const id = createdId(await api.request('POST', '/roles', body, master));
  return { id, name: body.name, entity: `role:${body.name}`, acl: { [`role:${body.name}`]: { read: true, write: true } } };
}

// The operations of class permissions; the same entry for all of them.
export const kOperations = ['find', 'get', 'count', 'create', 'update', 'delete', 'addField'];
export const everyOperation = (entry) => Object.fromEntries(kOperations.map((operation) => [operation, entry]));

// A new class: its name.
export async function makeClass(api, name, fields, classLevelPermissions) {
  const className = uniqueName(name);
  const response = await api.schema('POST', className, { className, fields, ...(classLevelPermissions ? { classLevelPermissions } : {}) });
  assert.equal(response.status, 200, response.text);
  return className;
}
