// Roles: what a role needs, who may change it, and what its members, and the members of its child roles, may do.
import { aclOf, batch, by, create, find, get, item, pointer, remove, request, signUp, update } from '../steps.mjs';

const make = (name, body, more) => request('POST', name, '/roles', { body, ...more });
const read = (name, id, more) => request('GET', name, `/roles/$id(${id})`, more);
const list = (name, query, more) => request('GET', name, '/roles', { query, ...more });
const change = (name, id, body, more) => request('PUT', name, `/roles/$id(${id})`, { body, ...more });
const drop = (name, id, more) => request('DELETE', name, `/roles/$id(${id})`, more);
const relation = (__op, className, ...ids) => ({ __op, objects: ids.map((id) => pointer(className, id)) });
const addUsers = (...ids) => ({ users: relation('AddRelation', '_User', ...ids) });
const removeUsers = (...ids) => ({ users: relation('RemoveRelation', '_User', ...ids) });
const addRoles = (...ids) => ({ roles: relation('AddRelation', '_Role', ...ids) });
const removeRoles = (...ids) => ({ roles: relation('RemoveRelation', '_Role', ...ids) });
const master = { as: 'master' };
const publicRead = { '*': { read: true } };

const people = ['ann', 'bob', 'cleo', 'dan'].map((who) => signUp(`sign up ${who}`, who, { username: `roles.${who}` }));

const making = [
  make('without an ACL', { name: 'RolesNoAcl' }),
  make('without an ACL, by the master', { name: 'RolesNoAcl' }, master),
  make('without a name', { ACL: publicRead }),
  make('with nothing', {}),
  make('with an empty name', { name: '', ACL: publicRead }),
  make('with a name that is a number', { name: 5, ACL: publicRead }),
  make('with a name of null', { name: null, ACL: publicRead }),
  make('with an ACL of null', { name: 'RolesNoAcl', ACL: null }),
  make('a role', { name: 'RolesStaff', ACL: publicRead, ...addUsers('ann') }, { ...master, saves: 'staff', shows: ['location'] }),
  make('the same name again', { name: 'RolesStaff', ACL: publicRead }, master),
  make('the name in other case', { name: 'ROLESSTAFF', ACL: publicRead }, { ...master, saves: 'upperStaff' }),
  make('a name with odd characters', { name: 'Roles:odd*name', ACL: publicRead }, { ...master, saves: 'odd' }),
  make('by a client', { name: 'RolesByClient', ACL: publicRead, ...addUsers('bob') }, { saves: 'byClient' }),
  make('by a user', { name: 'RolesByUser', ACL: aclOf('bob') }, { ...by('bob'), saves: 'byUser' }),
  make('by the read-only master', { name: 'RolesNever', ACL: publicRead }, { as: 'readOnly' }),
  create('by the class', '_Role', { name: 'RolesByClass', ACL: {} }, { saves: 'byClass' }),
  make('with users that are a list', { name: 'RolesList', ACL: publicRead, users: [pointer('_User', 'ann')] }),
  make('with users of another class', { name: 'RolesWrong', ACL: publicRead, users: relation('AddRelation', '_Role', 'staff') }),
];

const reading = [
  read('read a role', 'staff'),
  read('read a role that only its user may read', 'byUser'),
  read('read the own role', 'byUser', by('bob')),
  read('read a role for nobody', 'byClass', by('bob')),
  list('list: without a session', { where: { name: { $regex: '^Roles' } }, order: 'name', keys: 'name,users,roles' }),
  list('list: with a session', { where: { name: { $regex: '^Roles' } }, order: 'name', keys: 'name,users,roles' }, by('bob')),
  list('list: by the master', { where: { name: { $regex: '^Roles' } }, order: 'name', keys: 'name,users,roles' }, master),
  list('list: by member', { where: { users: pointer('_User', 'ann') }, keys: 'name,users,roles' }),
  find('the members of a role', '_User', { where: { $relatedTo: { object: pointer('_Role', 'staff'), key: 'users' } } }),
  find(
    'the members of a role, by a member',
    '_User',
    { where: { $relatedTo: { object: pointer('_Role', 'staff'), key: 'users' } } },
    by('ann'),
  ),
  find(
    'the members of a role, by the master',
    '_User',
    { where: { $relatedTo: { object: pointer('_Role', 'staff'), key: 'users' } }, keys: 'username' },
    master,
  ),
];

const changing = [
  change('change a role that is readable', 'staff', addUsers('bob'), by('bob')),
  change('change a role without a session', 'staff', addUsers('bob')),
  change('change the own role', 'byUser', addUsers('cleo'), by('bob')),
  change('change a role by a member that may not write', 'staff', { note: 'x' }, by('ann')),
  change('rename a role', 'byUser', { name: 'RolesRenamed' }, by('bob')),
  change('rename a role to one that is there', 'byUser', { name: 'RolesStaff' }, by('bob')),
  change('rename a role to nothing', 'byUser', { name: '' }, by('bob')),
  change('take the name away', 'byUser', { name: { __op: 'Delete' } }, by('bob')),
  change('a field of the own', 'byUser', { note: 'x' }, by('bob')),
  read('after the changes', 'byUser', by('bob')),
  drop('delete a role that is readable', 'staff', by('bob')),
  drop('delete a role by a client', 'byClient'),
  drop('delete the own role', 'byUser', by('bob')),
  drop('delete it again', 'byUser', by('bob')),
  make('its name is free again', { name: 'RolesRenamed', ACL: publicRead }, { ...master, saves: 'renamed' }),
];

const R = 'RoleRow';
const aclOfRole = (name) => ({ [`role:${name}`]: { read: true, write: true } });
const rights = [
  create('an object for a role', R, { n: 1, ACL: aclOfRole('RolesStaff') }, { ...master, saves: 'guarded' }),
  get('get by a member', R, 'guarded', by('ann')),
  get('get by another', R, 'guarded', by('bob')),
  get('get without a session', R, 'guarded'),
  find('find by a member', R, {}, by('ann')),
  find('find by another', R, {}, by('bob')),
  find('count by a member', R, { count: 1, limit: 0 }, by('ann')),
  find('count by another', R, { count: 1, limit: 0 }, by('bob')),
  update('update by a member', R, 'guarded', { n: 2 }, by('ann')),
  update('update by another', R, 'guarded', { n: 3 }, by('bob')),
  remove('delete by another', R, 'guarded', by('bob')),
  create('an object of a role of other case', R, { n: 9, ACL: aclOfRole('rolesstaff') }, { ...master, saves: 'lower' }),
  get('get by a member of the role in other case', R, 'lower', by('ann')),
  change('bob becomes a member', 'staff', addUsers('bob'), master),
  get('get as soon as one is a member', R, 'guarded', by('bob')),
  change('bob is no member any more', 'staff', removeUsers('bob'), master),
  get('get as soon as one is no member any more', R, 'guarded', by('bob')),
  batch(
    'a batch by a member',
    { requests: [item('GET', `/classes/${R}/$id(guarded)`), item('PUT', `/classes/${R}/$id(guarded)`, { n: 4 })] },
    by('ann'),
  ),
];

const inheriting = [
  make('a child', { name: 'RolesChild', ACL: publicRead, ...addUsers('bob') }, { ...master, saves: 'child' }),
  make('a grandchild', { name: 'RolesGrandchild', ACL: publicRead, ...addUsers('cleo') }, { ...master, saves: 'grandchild' }),
  change('the child belongs to the parent', 'staff', addRoles('child'), master),
  change('the grandchild belongs to the child', 'child', addRoles('grandchild'), master),
  get('get by a member of the child', R, 'guarded', by('bob')),
  update('update by a member of the child', R, 'guarded', { n: 5 }, by('bob')),
  get('get by a member of the grandchild', R, 'guarded', by('cleo')),
  find('find by a member of the grandchild', R, { keys: 'n' }, by('cleo')),
  get('get by a member of no role', R, 'guarded', by('dan')),
  create('an object for the child', R, { n: 6, ACL: aclOfRole('RolesChild') }, { ...master, saves: 'ofChild' }),
  get('a member of the parent does not get what is the child’s', R, 'ofChild', by('ann')),
  get('a member of the grandchild gets what is the child’s', R, 'ofChild', by('cleo')),
  list('the roles of a role', { where: { $relatedTo: { object: pointer('_Role', 'staff'), key: 'roles' } }, keys: 'name,users,roles' }),
  change('a circle', 'grandchild', addRoles('staff'), master),
  get('get in the circle, by a member of the parent', R, 'ofChild', by('ann')),
  get('get in the circle, by a member of the grandchild', R, 'guarded', by('cleo')),
  get('get in the circle, by a member of no role', R, 'guarded', by('dan')),
  change('a role that is its own child', 'staff', addRoles('staff'), master),
  get('get with a role that is its own child', R, 'guarded', by('ann')),
  change('the child leaves', 'staff', removeRoles('child'), master),
  get('get by a member of the child that left', R, 'guarded', by('bob')),
  change('the role gets another name', 'staff', { name: 'RolesFormer' }, master),
  get('get by a member of a role with another name', R, 'guarded', by('ann')),
  change('the role gets its name back', 'staff', { name: 'RolesStaff' }, master),
  drop('the role is deleted', 'staff', master),
  get('get by a member of a role that was deleted', R, 'guarded', by('ann')),
  get('the object is still there for the master', R, 'guarded', master),
];

const guarding = [
  make(
    'a role that its members may change',
    { name: 'RolesOpen', ACL: aclOfRole('RolesOpen'), ...addUsers('ann') },
    { ...master, saves: 'own' },
  ),
  read('read by a member, by the right of the role', 'own', by('ann')),
  read('read by another, without the role', 'own', by('dan')),
  change('a member brings another', 'own', addUsers('dan'), by('ann')),
  read('read by the new member', 'own', by('dan')),
  change('a member leaves by itself', 'own', removeUsers('ann'), by('ann')),
  read('read by the member that left', 'own', by('ann')),
];

export const steps = [...people, ...making, ...reading, ...changing, ...rights, ...inheriting, ...guarding];
