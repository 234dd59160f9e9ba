// Class permissions and object ACLs as signed-in users and members of roles meet them, on every way to an object.
import {
  aclOf,
  batch,
  by,
  byId,
  changeSchema,
  create,
  differs,
  differsByError,
  find,
  get,
  item,
  makeSchema,
  pointer,
  remove,
  request,
  signUp,
  update,
} from '../steps.mjs';

const all = { '*': true };
const kOperations = ['find', 'get', 'count', 'create', 'update', 'delete', 'addField'];
const every = (value) => Object.fromEntries(kOperations.map((operation) => [operation, value]));
const master = { as: 'master' };
const fields = {
  n: { type: 'Number' },
  owner: { type: 'Pointer', targetClass: '_User' },
  team: { type: 'Array' },
};

const people = [
  ...['ann', 'bob', 'cleo'].map((who) => signUp(`sign up ${who}`, who, { username: `permissions.${who}` })),
  request('POST', 'a role of bob', '/roles', {
    ...master,
    body: { name: 'PermissionsStaff', ACL: {}, users: { __op: 'AddRelation', objects: [pointer('_User', 'bob')] } },
    saves: 'staff',
  }),
  request('POST', 'its child role of cleo', '/roles', {
    ...master,
    body: { name: 'PermissionsChild', ACL: {}, users: { __op: 'AddRelation', objects: [pointer('_User', 'cleo')] } },
    saves: 'child',
  }),
  request('PUT', 'the child belongs to the role', '/roles/$id(staff)', {
    ...master,
    body: { roles: { __op: 'AddRelation', objects: [pointer('_Role', 'child')] } },
  }),
];

// Everything that somebody may try with an object of a class, last what takes it away.
const tries = (topic, C, id, who) => {
  const as = who ? by(who) : {};
  const title = (what) => `${topic}: ${who ?? 'nobody'}: ${what}`;
  return [
    get(title('get'), C, id, as),
    find(title('find'), C, { keys: 'n' }, as),
    find(title('count'), C, { count: 1, limit: 0 }, as),
    create(title('create'), C, { n: 2 }, as),
    update(title('update'), C, id, { n: { __op: 'Increment', amount: 1 } }, as),
    update(title('a new field'), C, id, { [`by_${who ?? 'nobody'}`]: 1 }, as),
    remove(title('delete'), C, id, as),
  ];
};

const withClass = (topic, permissions, object, ...callers) => {
  const C = `Permissions_${topic}`;
  const make = (who) =>
    create(`${topic}: an object for ${who ?? 'nobody'}`, C, { n: 1, ...object }, { ...master, saves: `${topic}_${who}` });
  return [
    makeSchema(`${topic}: the class`, C, { fields, classLevelPermissions: permissions }),
    ...callers.flatMap((who) => [make(who), ...tries(topic, C, `${topic}_${who}`, who)]),
  ];
};

const owned = { owner: pointer('_User', 'ann'), team: [pointer('_User', 'bob')] };
const byPointer = (...names) => ({ ...every({ pointerFields: names }), create: all, addField: { pointerFields: names } });

const classes = [
  ...withClass('user', every(byId('ann')), {}, 'ann', 'bob'),
  ...withClass('role', every({ 'role:PermissionsStaff': true }), {}, 'ann', 'bob', 'cleo'),
  ...withClass('signedIn', every({ requiresAuthentication: true }), {}, 'ann'),
  ...withClass('signedInOrRole', every({ requiresAuthentication: true, 'role:PermissionsStaff': true }), {}, undefined),
  ...withClass('owner', byPointer('owner'), owned, 'ann', 'bob', undefined),
  ...withClass('team', byPointer('team'), owned, 'ann', 'bob', undefined),
  ...withClass('ownerAndTeam', byPointer('owner', 'team'), owned, 'ann', 'bob', 'cleo'),
  ...withClass('readUserFields', { create: all, readUserFields: ['owner'] }, owned, 'ann', 'bob', undefined),
  ...withClass('writeUserFields', { ...every({}), find: all, get: all, writeUserFields: ['owner'] }, owned, 'ann', 'bob'),
  ...withClass('ownerOrRole', { ...byPointer('owner'), get: { pointerFields: ['owner'], 'role:PermissionsStaff': true } }, owned, 'bob'),
];

const P = 'Permissions_pointer_create';
const refusedSchemas = [
  makeSchema('create by a pointer', P, { fields, classLevelPermissions: { create: { pointerFields: ['owner'] } } }),
  create('create by a pointer: a user', P, { owner: pointer('_User', 'ann') }, by('ann')),
  makeSchema('a pointer field that is not there', 'PermissionsBad1', {
    fields,
    classLevelPermissions: { get: { pointerFields: ['none'] } },
  }),
  makeSchema('a pointer field that is a number', 'PermissionsBad2', { fields, classLevelPermissions: { get: { pointerFields: ['n'] } } }),
  makeSchema('pointer fields that are no list', 'PermissionsBad3', { fields, classLevelPermissions: { get: { pointerFields: 'owner' } } }),
  makeSchema('readUserFields that are not there', 'PermissionsBad4', { fields, classLevelPermissions: { readUserFields: ['none'] } }),
  makeSchema('readUserFields that are no list', 'PermissionsBad5', { fields, classLevelPermissions: { readUserFields: 'owner' } }),
  makeSchema('a user id that is too short', 'PermissionsBad6', { fields, classLevelPermissions: { get: { short: true } } }),
  makeSchema('a permission that is false', 'PermissionsBad7', { fields, classLevelPermissions: { get: { '*': false } } }),
];

const D = 'PermissionsDefault';
const defaults = [
  makeSchema('default ACL: the class', D, {
    classLevelPermissions: { ...every(all), ACL: { currentUser: { read: true, write: true }, 'role:PermissionsStaff': { read: true } } },
  }),
  create('default ACL: by a user', D, { n: 1 }, { ...by('ann'), saves: 'defaulted' }),
  get('default ACL: read by its user', D, 'defaulted', by('ann')),
  get('default ACL: read by the role', D, 'defaulted', by('bob')),
  update('default ACL: written by the role', D, 'defaulted', { n: 2 }, by('bob')),
  get('default ACL: read by nobody', D, 'defaulted'),
  create('default ACL: by nobody', D, { n: 2 }, { saves: 'defaultedByNobody' }),
  get('default ACL: of nobody, read by the master', D, 'defaultedByNobody', master),
  create('default ACL: with another ACL', D, { n: 3, ACL: aclOf('cleo') }, { ...by('ann'), saves: 'ownAcl' }),
  get('default ACL: another ACL stays', D, 'ownAcl', master),
  create('default ACL: by the master', D, { n: 4 }, { ...master, saves: 'byMaster' }),
  get('default ACL: by the master, read', D, 'byMaster', master),
];

const O = 'PermissionsObject';
const kAcls = {
  ofAnn: aclOf('ann'),
  readByAnn: { '$id(ann)': { read: true } },
  writtenByAnn: { '$id(ann)': { write: true } },
  ofStaff: { 'role:PermissionsStaff': { read: true, write: true } },
  publicReadAnnWrites: { '*': { read: true }, '$id(ann)': { write: true } },
  ofNobody: {},
};
const objects = [
  makeSchema('ACL: the class', O, { fields: { n: { type: 'Number' } } }),
  ...Object.entries(kAcls).map(([id, ACL], n) => create(`ACL: ${id}`, O, { n, ACL }, { ...master, saves: id })),
  ...['ann', 'bob', 'cleo'].flatMap((who) => [
    find(`ACL: ${who} finds`, O, { keys: 'n', order: 'n' }, by(who)),
    find(`ACL: ${who} counts`, O, { count: 1, limit: 0 }, by(who)),
    ...Object.keys(kAcls).map((id) => update(`ACL: ${who} updates ${id}`, O, id, { mark: 1 }, by(who))),
  ]),
  batch('ACL: a batch', { requests: ['readByAnn', 'ofStaff'].flatMap((id) => [item('GET', `/classes/${O}/$id(${id})`)]) }, by('ann')),
  batch(
    'ACL: a transaction',
    {
      transaction: true,
      requests: [item('PUT', `/classes/${O}/$id(ofAnn)`, { mark: 2 }), item('PUT', `/classes/${O}/$id(writtenByAnn)`, { mark: 2 })],
    },
    by('ann'),
  ),
  update('ACL: handed to another', O, 'ofAnn', { ACL: aclOf('bob') }, by('ann')),
  get('ACL: handed to another, read by the former', O, 'ofAnn', by('ann')),
  get('ACL: handed to another, read by the other', O, 'ofAnn', by('bob')),
  remove('ACL: deleted by somebody who may only read', O, 'readByAnn', by('ann')),
  remove('ACL: deleted by somebody who may only write', O, 'writtenByAnn', by('ann')),
];

const H = 'PermissionsHolder';
const notFound = { $notInQuery: { className: O, where: {} } };
const detours = [
  create(
    'detours: an object that points',
    H,
    {
      to: pointer(O, 'ofStaff'),
      open: pointer(O, 'publicReadAnnWrites'),
      all: [pointer(O, 'ofStaff'), pointer(O, 'publicReadAnnWrites')],
      n: 3,
    },
    { ...master, saves: 'holder' },
  ),
  ...['ann', 'bob', undefined].flatMap((who) => {
    const as = who ? by(who) : {};
    const title = (what) => `detours: ${who ?? 'nobody'}: ${what}`;
    const query = { className: O, where: {} };
    return [
      find(title('include'), H, { include: 'to,open,all' }, as),
      find(title('$inQuery'), H, { where: { to: { $inQuery: query } }, keys: 'n' }, as),
      find(title('$notInQuery'), H, { where: { to: notFound }, keys: 'n' }, as),
      find(title('$select'), H, { where: { n: { $select: { query, key: 'n' } } }, keys: 'n' }, as),
      find(title('$dontSelect'), H, { where: { n: { $dontSelect: { query, key: 'n' } } }, keys: 'n' }, as),
    ];
  }),
  makeSchema('detours: a class that only the role may find', 'PermissionsSecret', {
    fields: { n: { type: 'Number' } },
    classLevelPermissions: every({ 'role:PermissionsStaff': true }),
  }),
  create('detours: an object of it', 'PermissionsSecret', { n: 3 }, { ...master, saves: 'secret' }),
  create('detours: an object that points to it', 'PermissionsSecretHolder', { to: pointer('PermissionsSecret', 'secret'), n: 3 }, master),
  ...['ann', 'bob'].flatMap((who) => [
    find(`detours: ${who}: include of a class`, 'PermissionsSecretHolder', { include: 'to' }, by(who)),
    find(
      `detours: ${who}: $inQuery of a class`,
      'PermissionsSecretHolder',
      { where: { to: { $inQuery: { className: 'PermissionsSecret', where: {} } } } },
      by(who),
    ),
    find(
      `detours: ${who}: $select of a class`,
      'PermissionsSecretHolder',
      { where: { n: { $select: { query: { className: 'PermissionsSecret', where: {} }, key: 'n' } } } },
      by(who),
    ),
  ]),
  find('detours: count by the master', 'PermissionsSecret', { where: { n: 3 }, count: 1, limit: 0 }, master),
  find('detours: find by the maintenance key', 'PermissionsSecret', { where: { n: 3 } }, { as: 'maintenance' }),
  find('detours: count by the maintenance key', 'PermissionsSecret', { where: { n: 3 }, count: 1, limit: 0 }, { as: 'maintenance' }),
  changeSchema('detours: the class opens', 'PermissionsSecret', { classLevelPermissions: every(all) }),
  find('detours: include as soon as the class is open', 'PermissionsSecretHolder', { include: 'to' }, by('ann')),
];

export const steps = [...people, ...classes, ...refusedSchemas, ...defaults, ...objects, ...detours];

const kNotFound = (row) => differsByError(row, 404, 101, 'Object not found.');
const kNoColumn = (name) => differsByError('D16', 400, 107, `'${name}' is not a valid column for class level pointer permissions get`);

export const differences = {
  ...Object.fromEntries(
    ['owner', 'team', 'readUserFields'].map((topic) => [`${topic}: nobody: count`, differs('D34', 200, { results: [], count: 0 })]),
  ),
  ...Object.fromEntries(['owner', 'team'].map((topic) => [`${topic}: nobody: a new field`, kNotFound('D35')])),
  'detours: count by the maintenance key': differs('D36', 200, { results: [], count: 1 }),
  'a pointer field that is not there': kNoColumn('none'),
  'a pointer field that is a number': kNoColumn('n'),
};
