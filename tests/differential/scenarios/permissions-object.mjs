// Object ACLs as a client without a session meets them.
import { batch, create, differs, find, get, item, pointer, remove, update } from '../steps.mjs';

const C = 'AclRow';
const kAcls = {
  open: { '*': { read: true, write: true } },
  readable: { '*': { read: true } },
  writable: { '*': { write: true } },
  closed: {},
  forRole: { 'role:Staff': { read: true, write: true } },
  forUser: { aaaaaaaaaa: { read: true, write: true } },
  withFalse: { '*': { read: true, write: false } },
};
const tried = ([id, ACL]) => [
  create(`${id}: make`, C, { name: id, ACL }, { saves: id }),
  get(`${id}: get`, C, id),
  update(`${id}: change`, C, id, { changed: true }),
  get(`${id}: get by the master`, C, id, { as: 'master' }),
];

export const steps = [
  create('a class with its fields', C, { name: 'first', changed: false }),
  ...Object.entries(kAcls).flatMap(tried),
  find('find shows what is readable', C, { keys: 'name' }),
  find('find by the master', C, { keys: 'name' }, { as: 'master' }),
  find('count counts what is readable', C, { count: 1, limit: 0 }),
  remove('delete what is only readable', C, 'readable'),
  remove('delete what is closed', C, 'closed'),
  remove('delete what is only writable', C, 'writable'),
  remove('delete what is closed, by the master', C, 'closed', { as: 'master' }),
  create('an object that points', 'AclHolder', { to: pointer(C, 'forUser'), all: [pointer(C, 'forUser'), pointer(C, 'open')] }),
  find('include of what is not readable', 'AclHolder', { include: 'to,all' }),
  find('include of what is not readable, by the master', 'AclHolder', { include: 'to,all' }, { as: 'master' }),
  update('take the ACL away', C, 'open', { ACL: { __op: 'Delete' } }),
  get('get without ACL', C, 'open'),
  update('another ACL', C, 'open', { ACL: { '*': { read: true } } }),
  update('change after another ACL', C, 'open', { changed: true }),
  find('ACL with keys', C, { keys: 'ACL', where: { name: 'readable' } }),
  create('an unresolved ACL', C, { ACL: { '*unresolved': { read: true } } }),
  batch('batch over ACLs', {
    requests: [item('PUT', `/classes/${C}/$id(readable)`, { changed: true }), item('PUT', `/classes/${C}/$id(forUser)`, { changed: true })],
  }),
];

export const differences = {
  'get without ACL': differs('D25', 200, { changed: true, createdAt: '$date', name: 'open', objectId: '$id(open)', updatedAt: '$date' }),
  'another ACL': differs('D25', 200, { updatedAt: '$date' }),
};
