// Class level permissions as a client without a session meets them.
import { batch, changeSchema, create, find, get, item, makeSchema, remove, request, update } from '../steps.mjs';

const all = { '*': true };
const operations = ['find', 'get', 'count', 'create', 'update', 'delete', 'addField'];
const fields = { a: { type: 'Number' }, secret: { type: 'String' }, hidden: { type: 'Object' } };

// A class that allows everything but one operation, and every operation tried there.
const without = (operation) => {
  const C = `ClpNo_${operation}`;
  const id = `of_${operation}`;
  const classLevelPermissions = Object.fromEntries(operations.map((name) => [name, name === operation ? {} : all]));
  return [
    makeSchema(`a class without ${operation}`, C, { fields, classLevelPermissions }),
    create(`without ${operation}: an object by the master`, C, { a: 1 }, { as: 'master', saves: id }),
    find(`without ${operation}: find`, C, { where: { a: 1 } }),
    get(`without ${operation}: get`, C, id),
    find(`without ${operation}: find by id`, C, { where: { objectId: `$id(${id})` } }),
    find(`without ${operation}: count`, C, { count: 1, limit: 0 }),
    find(`without ${operation}: find and count`, C, { count: 1 }),
    create(`without ${operation}: create`, C, { a: 2 }),
    create(`without ${operation}: create with a new field`, C, { [`fresh_${operation}`]: 2 }),
    update(`without ${operation}: update`, C, id, { a: 3 }),
    update(`without ${operation}: update with a new field`, C, id, { [`newer_${operation}`]: 3 }),
    remove(`without ${operation}: delete`, C, id),
  ];
};

export const steps = [
  ...operations.flatMap(without),
  makeSchema('a class for nobody', 'ClpNobody', { fields, classLevelPermissions: {} }),
  create('nobody creates', 'ClpNobody', { a: 1 }),
  find('nobody finds', 'ClpNobody', {}),
  request('GET', 'nobody gets', '/classes/ClpNobody/doesNotEx1'),
  batch('nobody in a batch', { requests: [item('POST', '/classes/ClpNobody', { a: 1 }), item('GET', '/classes/ClpNobody')] }),
  makeSchema('a class for signed-in users', 'ClpSigned', {
    fields,
    classLevelPermissions: Object.fromEntries(operations.map((name) => [name, { requiresAuthentication: true }])),
  }),
  create('signed-in: an object by the master', 'ClpSigned', { a: 1 }, { as: 'master', saves: 'signed' }),
  create('signed-in: create without a session', 'ClpSigned', { a: 1 }),
  find('signed-in: find without a session', 'ClpSigned', {}),
  get('signed-in: get without a session', 'ClpSigned', 'signed'),
  update('signed-in: update without a session', 'ClpSigned', 'signed', { a: 2 }),
  remove('signed-in: delete without a session', 'ClpSigned', 'signed'),
  find('signed-in: find by the master', 'ClpSigned', {}, { as: 'master' }),
  makeSchema('a class with protected fields', 'ClpProtected', {
    fields,
    classLevelPermissions: { ...Object.fromEntries(operations.map((name) => [name, all])), protectedFields: { '*': ['secret', 'hidden'] } },
  }),
  create('protected: an object', 'ClpProtected', { a: 1, secret: 's', hidden: { key: 1 } }, { saves: 'guarded' }),
  get('protected: get', 'ClpProtected', 'guarded'),
  get('protected: get by the master', 'ClpProtected', 'guarded', { as: 'master' }),
  find('protected: find with keys', 'ClpProtected', { keys: 'secret,a' }),
  find('protected: in where', 'ClpProtected', { where: { secret: 's' } }),
  find('protected: in where by the master', 'ClpProtected', { where: { secret: 's' } }, { as: 'master' }),
  find('protected: in $or', 'ClpProtected', { where: { $or: [{ secret: 's' }, { a: 1 }] } }),
  find('protected: in $and of $nor', 'ClpProtected', { where: { $and: [{ $nor: [{ secret: 's' }] }] } }),
  find('protected: dotted', 'ClpProtected', { where: { 'hidden.key': 1 } }),
  find('protected: in order', 'ClpProtected', { order: '-secret' }),
  find('protected: dotted in order', 'ClpProtected', { order: 'hidden.key' }),
  update('protected: written by a client', 'ClpProtected', 'guarded', { secret: 't' }),
  changeSchema('a default ACL', 'ClpProtected', {
    classLevelPermissions: { find: all, get: all, create: all, ACL: { '*': { read: true } } },
  }),
  create('default ACL: an object', 'ClpProtected', { a: 5 }, { saves: 'defaulted' }),
  get('default ACL: get', 'ClpProtected', 'defaulted'),
];
