// order, limit, skip, count and the parameters that a query takes.
import { create, differs, differsByError, find } from '../steps.mjs';

const C = 'OrderRow';
const all = (name, query, more) => find(name, C, query, more);

export const steps = [
  create('row 1', C, { n: 3, t: 'b', o: { v: 1 } }, { saves: 'r1' }),
  create('row 2', C, { n: 1, t: 'B', o: { v: 3 } }, { saves: 'r2' }),
  create('row 3', C, { n: 2, t: 'a', o: { v: 2 } }, { saves: 'r3' }),
  create('row 4', C, { n: 2, t: 'č' }, { saves: 'r4' }),
  create('row 5', C, { t: 'A' }, { saves: 'r5' }),
  all('ascending', { order: 'n', where: { n: { $exists: true } }, keys: 'n', limit: 2 }),
  all('descending', { order: '-n', where: { n: { $exists: true } }, keys: 'n', limit: 1 }),
  all('two orders', { order: 'n,-t', where: { n: { $exists: true } }, keys: 'n,t' }),
  all('orders as a list', { order: ['n', 't'], where: { n: { $exists: true } } }),
  all('unset ascending', { order: 'n,t', keys: 'n,t' }),
  all('unset descending', { order: '-n,t', keys: 'n,t' }),
  all('texts by their bytes', { order: 't', keys: 't' }),
  all('texts by their bytes, descending', { order: '-t', keys: 't' }),
  all('by createdAt', { order: 'createdAt', keys: 'n' }),
  all('by createdAt, descending', { order: '-createdAt', keys: 'n' }, { ordered: false }), // two may be of one millisecond
  all('by a dotted name', { order: 'o.v', where: { 'o.v': { $exists: true } }, keys: 'o' }),
  all('by a field that the class does not have', { order: 'nosuch', limit: 0, count: 1 }),
  all('by a name that cannot be', { order: 'a b' }),
  all('by a name that is internal', { order: '_x' }),
  all('by nothing', { order: '', limit: 0, count: 1 }),
  all('skip', { order: 't', skip: 3, keys: 't' }),
  all('skip all', { order: 't', skip: 99 }),
  all('skip and limit', { order: 't', skip: 1, limit: 2, keys: 't' }),
  all('limit nothing', { limit: 0 }),
  all('limit as text', { limit: 'ten' }),
  all('a limit below zero', { limit: -1 }),
  all('a skip below zero', { skip: -1 }),
  all('a skip that is text', { skip: 'two' }),
  all('a limit with a fraction', { order: 't', limit: 1.5, keys: 't' }),
  all('count', { count: 1, limit: 0 }),
  all('count with results', { count: 1, order: 't', limit: 1, keys: 't' }),
  all('count with skip', { count: 1, order: 't', skip: 4, keys: 't' }),
  all('count with a filter', { count: 1, limit: 0, where: { n: 2 } }),
  all('count of nothing', { count: 1, limit: 0, where: { n: 99 } }),
  all('count true', { count: true, limit: 0 }),
  all('count zero', { count: 0, limit: 0 }),
  create('a row of a new class', 'OrderFresh', { n: 1 }),
  find('count by master', 'OrderFresh', { count: 1, limit: 0 }, { as: 'master' }),
  all('count by master with a filter', { count: 1, limit: 0, where: { n: 2 } }, { as: 'master' }),
  find('count of a class that is not there', 'OrderNone', { count: 1, limit: 0 }),
  all('an unknown parameter', { foo: 1 }),
  all('hint, comment and read preferences', {
    hint: '_id_',
    comment: 'c',
    readPreference: 'SECONDARY',
    includeReadPreference: 'PRIMARY',
    subqueryReadPreference: 'NEAREST',
    limit: 0,
    count: 1,
  }),
  all('a read preference that is none', { readPreference: 'nowhere', limit: 0 }),
  all('explain by a client', { explain: true }),
];

export const differences = {
  'unset ascending': differs('D05', 200, {
    results: [
      { createdAt: '$date', objectId: '$id(r5)', t: 'A', updatedAt: '$date' },
      { createdAt: '$date', n: 1, objectId: '$id(r2)', t: 'B', updatedAt: '$date' },
      { createdAt: '$date', n: 2, objectId: '$id(r3)', t: 'a', updatedAt: '$date' },
      { createdAt: '$date', n: 2, objectId: '$id(r4)', t: 'č', updatedAt: '$date' },
      { createdAt: '$date', n: 3, objectId: '$id(r1)', t: 'b', updatedAt: '$date' },
    ],
  }),
  'unset descending': differs('D05', 200, {
    results: [
      { createdAt: '$date', n: 3, objectId: '$id(r1)', t: 'b', updatedAt: '$date' },
      { createdAt: '$date', n: 2, objectId: '$id(r3)', t: 'a', updatedAt: '$date' },
      { createdAt: '$date', n: 2, objectId: '$id(r4)', t: 'č', updatedAt: '$date' },
      { createdAt: '$date', n: 1, objectId: '$id(r2)', t: 'B', updatedAt: '$date' },
      { createdAt: '$date', objectId: '$id(r5)', t: 'A', updatedAt: '$date' },
    ],
  }),
  'by a dotted name': differs('D10', 200, {
    results: [
      { createdAt: '$date', o: { v: 1 }, objectId: '$id(r1)', updatedAt: '$date' },
      { createdAt: '$date', o: { v: 2 }, objectId: '$id(r3)', updatedAt: '$date' },
      { createdAt: '$date', o: { v: 3 }, objectId: '$id(r2)', updatedAt: '$date' },
    ],
  }),
  'limit as text': differsByError('D01', 400, 102, 'Invalid value for parameter: limit'),
  'a limit below zero': differsByError('D01', 400, 102, 'Invalid value for parameter: limit'),
  'a skip below zero': differsByError('D01', 400, 102, 'Invalid value for parameter: skip'),
  'a skip that is text': differsByError('D01', 400, 102, 'Invalid value for parameter: skip'),
  'a limit with a fraction': differs('D15', 200, { results: [{ createdAt: '$date', objectId: '$id(r5)', t: 'A', updatedAt: '$date' }] }),
  'count by master': differs('D14', 200, { count: 1, results: [] }),
};
