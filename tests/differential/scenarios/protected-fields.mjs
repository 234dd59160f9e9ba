// Protected fields for every kind of entity, and everywhere that a field could be seen.
import { batch, by, changeSchema, create, differs, find, get, item, makeSchema, pointer, request, signUp, update } from '../steps.mjs';

const all = { '*': true };
const open = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((operation) => [operation, all]));
const master = { as: 'master' };
const fields = {
  n: { type: 'Number' },
  a: { type: 'String' },
  b: { type: 'String' },
  inner: { type: 'Object' },
  owner: { type: 'Pointer', targetClass: '_User' },
  team: { type: 'Array' },
};

const people = [
  ...['ann', 'bob', 'cleo'].map((who) =>
    signUp(`sign up ${who}`, who, { username: `protected.${who}`, email: `protected.${who}@example.com` }),
  ),
  request('POST', 'a role of bob', '/roles', {
    ...master,
    body: { name: 'ProtectedStaff', ACL: {}, users: { __op: 'AddRelation', objects: [pointer('_User', 'bob')] } },
    saves: 'staff',
  }),
  request('POST', 'its child role of cleo', '/roles', {
    ...master,
    body: { name: 'ProtectedChild', ACL: {}, users: { __op: 'AddRelation', objects: [pointer('_User', 'cleo')] } },
    saves: 'child',
  }),
  request('PUT', 'the child belongs to the role', '/roles/$id(staff)', {
    ...master,
    body: { roles: { __op: 'AddRelation', objects: [pointer('_Role', 'child')] } },
  }),
];

// A class with these protected fields, one object of it, and what each caller sees of it.
const seen = (topic, protectedFields, callers = [undefined, 'ann', 'bob', 'cleo']) => {
  const C = `Protected_${topic}`;
  const object = { n: 1, a: 'a', b: 'b', inner: { key: 'k' }, owner: pointer('_User', 'ann'), team: [pointer('_User', 'bob')] };
  return [
    makeSchema(`${topic}: the class`, C, { fields, classLevelPermissions: { ...open, protectedFields } }),
    create(`${topic}: an object`, C, object, { saves: topic }),
    ...callers.map((who) => get(`${topic}: seen by ${who ?? 'nobody'}`, C, topic, who ? by(who) : {})),
  ];
};

const entities = [
  ...seen('everybody', { '*': ['a', 'inner'] }),
  ...seen('signedIn', { '*': ['a', 'b'], authenticated: ['a'] }),
  ...seen('signedInMore', { '*': ['a'], authenticated: ['a', 'b'] }),
  ...seen('onlySignedIn', { authenticated: ['a'] }),
  ...seen('role', { '*': ['a', 'b'], 'role:ProtectedStaff': ['b'] }),
  ...seen('roleSeesAll', { '*': ['a', 'b'], 'role:ProtectedStaff': [] }),
  ...seen('twoRoles', { '*': ['a', 'b'], 'role:ProtectedStaff': ['a'], 'role:ProtectedChild': ['b'] }),
  ...seen('otherRole', { '*': ['a'], 'role:ProtectedNobody': [] }),
  ...seen('onlyRole', { 'role:ProtectedStaff': ['a'] }),
  ...seen('user', { '*': ['a', 'b'], '$id(ann)': ['b'] }),
  ...seen('userSeesAll', { '*': ['a', 'b'], '$id(ann)': [] }),
  ...seen('userAndSignedIn', { '*': ['a', 'b'], authenticated: ['a', 'b', 'n'], '$id(ann)': ['a', 'n'] }),
  ...seen('owner', { '*': ['a', 'b'], 'userField:owner': ['b'] }),
  ...seen('ownerSeesAll', { '*': ['a', 'b', 'owner'], 'userField:owner': [] }),
  ...seen('team', { '*': ['a', 'b'], 'userField:team': [] }),
  ...seen('ownerAndTeam', { '*': ['a', 'b', 'n'], 'userField:owner': ['a', 'b'], 'userField:team': ['b'] }),
  ...seen('everything', {
    '*': ['a', 'b'],
    authenticated: ['a'],
    'role:ProtectedStaff': ['a', 'b'],
    '$id(ann)': ['a'],
    'userField:owner': ['a', 'b'],
  }),
  ...seen('nothing', { '*': [] }),
];

const C = 'Protected_everybody';
const ways = [
  get('by the master', C, 'everybody', master),
  get('by the read-only master', C, 'everybody', { as: 'readOnly' }),
  get('by the maintenance key', C, 'everybody', { as: 'maintenance' }),
  get('keys', C, 'everybody', { query: { keys: 'a,b' } }),
  get('keys of a part', C, 'everybody', { query: { keys: 'inner.key,b' } }),
  find('find', C, {}),
  find('find with where', C, { where: { a: 'a' } }, by('ann')),
  find('find with where that exists', C, { where: { a: { $exists: true } } }),
  find('find with where in $nor', C, { where: { $nor: [{ a: 'x' }] } }),
  find('find with where on a part', C, { where: { 'inner.key': 'k' } }),
  find('find with order', C, { order: 'n,-a' }),
  find('find with order of a part', C, { order: 'inner.key' }),
  find('count with where', C, { where: { a: 'a' }, count: 1, limit: 0 }),
  find('$select on it', C, { where: { b: { $select: { query: { className: C, where: {} }, key: 'a' } } } }),
  find('$dontSelect on it', C, { where: { b: { $dontSelect: { query: { className: C, where: {} }, key: 'a' } } } }),
  find('$inQuery with it', 'ProtectedHolder', { where: { to: { $inQuery: { className: C, where: { a: 'a' } } } } }),
  create('an object that points', 'ProtectedHolder', { to: pointer(C, 'everybody'), all: [pointer(C, 'everybody')] }, { saves: 'holder' }),
  get('include', 'ProtectedHolder', 'holder', { query: { include: 'to,all' } }),
  get('include by the master', 'ProtectedHolder', 'holder', { ...master, query: { include: 'to,all' } }),
  get('include with keys', 'ProtectedHolder', 'holder', { query: { include: 'to', keys: 'to.a,to.b' } }),
  find('$inQuery with it, now that there are some', 'ProtectedHolder', {
    where: { to: { $inQuery: { className: C, where: { a: 'a' } } } },
  }),
  batch('batch', { requests: [item('GET', `/classes/${C}/$id(everybody)`)] }, by('ann')),
  update('update', C, 'everybody', { a: 'changed', n: { __op: 'Increment', amount: 1 } }, by('ann')),
  update('update that adds to it', C, 'everybody', { inner: { key: 'changed' } }),
  create('create', C, { n: 2, a: 'mine' }, { saves: 'created' }),
  find('include of an owner that sees more', 'ProtectedOwners', {}, by('ann')),
  create('an object that points to an owned one', 'ProtectedOwners', { to: pointer('Protected_owner', 'owner') }),
  find('include by the owner', 'ProtectedOwners', { include: 'to' }, by('ann')),
  find('include by another', 'ProtectedOwners', { include: 'to' }, by('bob')),
  find('where by the owner', 'Protected_ownerSeesAll', { where: { a: 'a' } }, by('ann')),
  find('where by the owner on what it sees only as such', 'Protected_owner', { where: { a: 'a' } }, by('ann')),
  find('where by the role', 'Protected_roleSeesAll', { where: { a: 'a' } }, by('bob')),
  find('where by the child role', 'Protected_roleSeesAll', { where: { a: 'a' } }, by('cleo')),
  find('where by the user', 'Protected_userSeesAll', { where: { a: 'a' }, order: 'b' }, by('ann')),
  find('where by another', 'Protected_userSeesAll', { where: { a: 'a' } }, by('bob')),
];

const users = [
  request('GET', 'the own email', '/users/$id(ann)', by('ann')),
  request('PUT', 'everybody may read ann', '/users/$id(ann)', { ...by('ann'), body: { ACL: { '*': { read: true } } } }),
  request('GET', 'the email of another', '/users/$id(ann)', by('bob')),
  request('GET', 'the email of another in a list', '/users', { ...by('bob'), query: { where: { username: 'protected.ann' } } }),
  request('GET', 'the own email in a list', '/users', { ...by('ann'), query: { where: { username: 'protected.ann' } } }),
  create('an object that points to a user', 'ProtectedUsers', { to: pointer('_User', 'ann') }),
  find('include of the own user', 'ProtectedUsers', { include: 'to' }, by('ann')),
  find('include of another user', 'ProtectedUsers', { include: 'to' }, by('bob')),
  find(
    'where on an email in a sub-query',
    'ProtectedUsers',
    {
      where: { to: { $inQuery: { className: '_User', where: { email: 'protected.ann@example.com' } } } },
    },
    by('bob'),
  ),
];

const P = 'Protected_changed';
const schemas = [
  makeSchema('changed: the class', P, { fields, classLevelPermissions: { ...open, protectedFields: { '*': ['a'] } } }),
  create('changed: an object', P, { a: 'a', b: 'b' }, { saves: 'changed' }),
  get('changed: before', P, 'changed'),
  changeSchema('changed: other fields', P, { classLevelPermissions: { ...open, protectedFields: { '*': ['b'] } } }),
  get('changed: after', P, 'changed'),
  changeSchema('changed: without any', P, { classLevelPermissions: open }),
  get('changed: without any, read', P, 'changed'),
  changeSchema('changed: a field that is not there', P, { classLevelPermissions: { protectedFields: { '*': ['none'] } } }),
  changeSchema('changed: a default field', P, { classLevelPermissions: { protectedFields: { '*': ['objectId'] } } }),
  changeSchema('changed: no list', P, { classLevelPermissions: { protectedFields: { '*': 'a' } } }),
  changeSchema('changed: userField of no pointer', P, { classLevelPermissions: { protectedFields: { 'userField:n': ['a'] } } }),
  changeSchema('changed: userField that is not there', P, { classLevelPermissions: { protectedFields: { 'userField:none': ['a'] } } }),
  changeSchema('changed: an odd entity', P, { classLevelPermissions: { protectedFields: { 'a b': ['a'] } } }),
];

export const steps = [...people, ...entities, ...ways, ...users, ...schemas];

const kOwned = { owner: pointer('_User', 'ann'), team: [pointer('_User', 'bob')] };
const kSeen = { b: 'b', n: 1, ...kOwned, objectId: '$id(everybody)', createdAt: '$date', updatedAt: '$date' };

export const differences = {
  '$select on it': differs('D06', 200, { results: [] }),
  '$dontSelect on it': differs('D06', 200, { results: [kSeen] }),
};
