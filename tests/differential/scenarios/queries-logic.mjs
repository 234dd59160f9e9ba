// $or, $and, $nor, $not-like mixes, and what is refused.
import { create, differsByError, differsByIds, where } from '../steps.mjs';

const C = 'LogicRow';
const query = (name, filter) => where(name, C, filter);

export const steps = [
  create('row 1', C, { a: 1, b: 'x' }, { saves: 'r1' }),
  create('row 2', C, { a: 2, b: 'y' }, { saves: 'r2' }),
  create('row 3', C, { a: 3, b: 'x', c: true }, { saves: 'r3' }),
  create('row 4', C, { b: 'z' }, { saves: 'r4' }),
  query('$or', { $or: [{ a: 1 }, { b: 'y' }] }),
  query('$or of one', { $or: [{ a: 1 }] }),
  query('$or with a field beside it', { $or: [{ a: 1 }, { a: 3 }], c: true }),
  query('$or of $or', { $or: [{ $or: [{ a: 1 }, { a: 2 }] }, { b: 'z' }] }),
  query('$or of several fields', {
    $or: [
      { a: 1, b: 'y' },
      { a: 3, b: 'x' },
    ],
  }),
  query('$or of empty', { $or: [{}] }),
  query('$or of none', { $or: [] }),
  query('$or no list', { $or: { a: 1 } }),
  query('$and', { $and: [{ b: 'x' }, { a: { $gt: 1 } }] }),
  query('$and of $or', { $and: [{ $or: [{ a: 1 }, { a: 2 }] }, { $or: [{ b: 'y' }, { b: 'z' }] }] }),
  query('$and no list', { $and: 1 }),
  query('$and of none', { $and: [] }),
  query('$nor', { $nor: [{ b: 'x' }, { b: 'y' }] }),
  query('$nor where a field is unset', { $nor: [{ a: 1 }, { a: 2 }] }),
  query('$nor of none', { $nor: [] }),
  query('$nor no list', { $nor: 'x' }),
  query('several operators of one field', { a: { $gt: 1, $lt: 3 } }),
  query('operators that exclude each other', { a: { $gt: 3, $lt: 1 } }),
  query('$ne and $exists', { a: { $ne: 1, $exists: true } }),
  query('an unknown operator', { a: { $nope: 1 } }),
  query('an unknown operator at the top', { $nope: [] }),
  query('a field name that cannot be', { 'a b': 1 }),
  query('a field name that is internal', { _rperm: 'x' }),
  query('a field name that is internal in $or', { $or: [{ _hashed_password: 'x' }] }),
  query('ACL', { ACL: {} }),
  query('a filter that is no JSON', '{"a":'),
  query('a filter that is a number', 5),
  query('a filter that is a list', []),
  query('an empty filter', {}),
];

export const differences = {
  '$or of empty': differsByIds('D01', 'r1', 'r2', 'r3', 'r4'),
  '$or of none': differsByError('D01', 400, 102, 'Bad $or format - use an array of at least 1 value.'),
  '$or no list': differsByError('D16', 400, 102, 'Bad $or format - use an array of at least 1 value.'),
  '$and no list': differsByError('D16', 400, 102, 'Bad $and format - use an array of at least 1 value.'),
  '$and of none': differsByError('D01', 400, 102, 'Bad $and format - use an array of at least 1 value.'),
  '$nor where a field is unset': differsByIds('D04', 'r3', 'r4'),
  '$nor no list': differsByError('D16', 400, 102, 'Bad $nor format - use an array of at least 1 value.'),
  'an unknown operator': differsByError('D12', 400, 107, 'bad constraint: $nope'),
  'a field name that is internal': differsByError('D23', 400, 105, 'Invalid key name: _rperm'),
  'a filter that is a number': differsByError('D01', 400, 107, 'where parameter is not valid JSON'),
  'a filter that is a list': differsByError('D02', 400, 107, 'where parameter is not valid JSON'),
};
