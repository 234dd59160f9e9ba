// POST /batch.
import { batch, create, differsByError, find, get, item, pointer } from '../steps.mjs';

const C = 'BatchRow';
const path = `/classes/${C}`;

export const steps = [
  create('an object', C, { n: 1, name: 'one' }, { saves: 'one' }),
  batch(
    'three new objects',
    { requests: [1, 2, 3].map((n) => item('POST', path, { n, group: 'g' })) },
    { saves: { b1: '0.success.objectId', b2: '1.success.objectId' } },
  ),
  find('the new objects', C, { where: { group: 'g' }, order: 'n' }),
  batch('every method', {
    requests: [
      item('POST', path, { n: 9 }),
      item('PUT', `${path}/$id(b1)`, { n: { __op: 'Increment', amount: 1 } }),
      item('GET', `${path}/$id(one)`),
      item('DELETE', `${path}/$id(b2)`),
    ],
  }),
  batch('a query', {
    requests: [item('GET', `${path}?where=%7B%22group%22%3A%22g%22%7D&order=n`), item('GET', path, { where: { name: 'one' } })],
  }),
  batch('some fail', {
    requests: [
      item('POST', path, { n: 'text' }),
      item('POST', path, { n: 5 }),
      item('GET', `${path}/doesNotEx1`),
      item('PUT', `${path}/doesNotEx1`, { n: 1 }),
    ],
  }),
  batch('nothing', { requests: [] }),
  batch('no list', { requests: {} }),
  batch('no requests', {}),
  batch('an item without path', { requests: [{ method: 'GET' }] }),
  batch('an item whose path is a number', { requests: [{ method: 'GET', path: 5 }] }),
  batch('an item without method', { requests: [{ path: `/parse${path}` }] }),
  batch('a path outside', { requests: [{ method: 'GET', path: `/other${path}` }] }),
  batch('a route that is not there', { requests: [item('GET', '/nope')] }),
  batch('a batch in a batch', { requests: [item('POST', '/batch', { requests: [] })] }),
  batch('a route for the master', { requests: [item('GET', '/schemas')] }),
  batch(
    'a route for the master, by the master',
    { requests: [item('POST', '/schemas/BatchMade', { className: 'BatchMade' }), item('DELETE', '/schemas/BatchMade')] },
    { as: 'master' },
  ),
  batch('an invalid class name', { requests: [item('POST', '/classes/1bad', {})] }),
  batch('a transaction', {
    transaction: true,
    requests: [item('POST', path, { n: 21, group: 't' }), item('PUT', `${path}/$id(one)`, { name: 'in transaction' })],
  }),
  find('what the transaction made', C, { where: { group: 't' } }),
  batch('a transaction that fails', {
    transaction: true,
    requests: [
      item('POST', path, { n: 22, group: 'f' }),
      item('PUT', `${path}/$id(one)`, { name: 'never' }),
      item('PUT', `${path}/doesNotEx1`, { n: 1 }),
    ],
  }),
  find('nothing of it is stored', C, { where: { group: 'f' } }),
  get('nothing of it is changed', C, 'one'),
  batch('a transaction that is false', { transaction: false, requests: [item('POST', path, { n: 'x' })] }),
  create('an object to point to', 'BatchOther', { n: 1 }, { saves: 'other' }),
  batch('relations in a batch', {
    requests: [item('PUT', `${path}/$id(one)`, { rel: { __op: 'AddRelation', objects: [pointer('BatchOther', 'other')] } })],
  }),
  find('related in a batch', 'BatchOther', { where: { $relatedTo: { object: pointer(C, 'one'), key: 'rel' } } }),
];

export const differences = {
  'a transaction that fails': differsByError('D26', 404, 101, 'Object not found.'),
};
