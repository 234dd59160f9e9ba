// $inQuery, $notInQuery, $select, $dontSelect.
import { create, differsByIds, makeSchema, pointer, where } from '../steps.mjs';

const C = 'SubPost';
const A = 'SubAuthor';
const query = (name, filter) => where(name, C, filter);
const from = (filter, more = {}) => ({ className: A, where: filter, ...more });

export const steps = [
  create('author 1', A, { name: 'ann', town: 'brno', age: 30 }, { saves: 'ann' }),
  create('author 2', A, { name: 'bob', town: 'prague', age: 40 }, { saves: 'bob' }),
  create('author 3, whom few may see', A, { name: 'cid', town: 'brno', ACL: {} }, { saves: 'cid' }),
  create('post 1', C, { title: 'p1', by: pointer(A, 'ann'), town: 'brno' }, { saves: 'p1' }),
  create('post 2', C, { title: 'p2', by: pointer(A, 'bob'), town: 'prague' }, { saves: 'p2' }),
  create('post 3', C, { title: 'p3', town: 'wien' }, { saves: 'p3' }),
  create('post 4', C, { title: 'p4', by: pointer(A, 'cid') }, { saves: 'p4' }),
  makeSchema('a closed class', 'SubClosed', { fields: { town: { type: 'String' } }, classLevelPermissions: {} }),
  query('$inQuery', { by: { $inQuery: from({ town: 'prague' }) } }),
  query('$inQuery of all', { by: { $inQuery: from({}) } }),
  query('$inQuery of none', { by: { $inQuery: from({ town: 'nowhere' }) } }),
  query('$inQuery with a limit inside', { by: { $inQuery: from({}, { limit: 1, order: 'name' }) } }),
  query('$inQuery of a class that is not there', { by: { $inQuery: { className: 'SubNone', where: {} } } }),
  query('$inQuery without where', { by: { $inQuery: { className: A } } }),
  query('$inQuery without class', { by: { $inQuery: { where: {} } } }),
  query('$inQuery that is text', { by: { $inQuery: 'x' } }),
  query('$inQuery of a closed class', { by: { $inQuery: { className: 'SubClosed', where: {} } } }),
  query('$inQuery in $or', { $or: [{ by: { $inQuery: from({ name: 'ann' }) } }, { title: 'p3' }] }),
  query('$inQuery with another field', { by: { $inQuery: from({}) }, title: 'p1' }),
  query('$inQuery inside of $inQuery', { by: { $inQuery: from({ name: { $in: ['ann', 'bob'] }, age: { $gt: 35 } }) } }),
  query('$notInQuery', { by: { $notInQuery: from({ town: 'prague' }) } }),
  query('$notInQuery of none', { by: { $notInQuery: from({ town: 'nowhere' }) } }),
  query('$notInQuery without where', { by: { $notInQuery: { className: A } } }),
  query('$select', { town: { $select: { query: from({ name: 'ann' }), key: 'town' } } }),
  query('$select of none', { town: { $select: { query: from({ name: 'nobody' }), key: 'town' } } }),
  query('$select of a key that is not there', { town: { $select: { query: from({}), key: 'nosuch' } } }),
  query('$select without key', { town: { $select: { query: from({}) } } }),
  query('$select with more keys', { town: { $select: { query: from({}), key: 'town', more: 1 } } }),
  query('$select without class', { town: { $select: { query: { where: {} }, key: 'town' } } }),
  query('$dontSelect', { town: { $dontSelect: { query: from({ name: 'ann' }), key: 'town' } } }),
  query('$dontSelect of none', { town: { $dontSelect: { query: from({ name: 'nobody' }), key: 'town' } } }),
  query('$dontSelect without key', { town: { $dontSelect: { query: from({}) } } }),
  where('$inQuery over objectId by $select', A, {
    objectId: { $select: { query: { className: C, where: { title: 'p1' } }, key: 'title' } },
  }),
  where('$select by the master', C, { town: { $select: { query: from({ name: 'cid' }), key: 'town' } } }, { as: 'master' }),
  where('$inQuery by the master', C, { by: { $inQuery: from({ name: 'cid' }) } }, { as: 'master' }),
];

export const differences = {
  '$inQuery of none': differsByIds('D06'),
  '$inQuery of a class that is not there': differsByIds('D06'),
  $notInQuery: differsByIds('D04', 'p1', 'p3', 'p4'),
  '$select of none': differsByIds('D06'),
  '$select of a key that is not there': differsByIds('D01'),
  $dontSelect: differsByIds('D04', 'p2', 'p3', 'p4'),
};
