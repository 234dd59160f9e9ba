// Queries of array fields.
import { create, differsByError, differsByIds, pointer, where } from '../steps.mjs';

const C = 'ArrayRow';
const query = (name, filter) => where(name, C, filter);

export const steps = [
  create('a target', 'ArrayOther', { n: 1 }, { saves: 'o1' }),
  create(
    'row 1',
    C,
    { n: 1, list: [1, 2, 3], words: ['red', 'green'], ptrs: [pointer('ArrayOther', 'o1')], objs: [{ k: 1 }, { k: 2 }] },
    { saves: 'r1' },
  ),
  create('row 2', C, { n: 2, list: [3, 4], words: ['Red'], objs: [{ k: 3 }] }, { saves: 'r2' }),
  create('row 3', C, { n: 3, list: [], words: [] }, { saves: 'r3' }),
  create('row 4', C, { n: 4 }, { saves: 'r4' }),
  query('a list contains a number', { list: 3 }),
  query('a list contains a text', { words: 'red' }),
  query('a list contains a pointer', { ptrs: pointer('ArrayOther', 'o1') }),
  query('a whole list', { list: [3, 4] }),
  query('$all', { list: { $all: [1, 2] } }),
  query('$all of one', { list: { $all: [3] } }),
  query('$all that none has', { list: { $all: [1, 4] } }),
  query('$all of none', { list: { $all: [] } }),
  query('$all texts', { words: { $all: ['red', 'green'] } }),
  query('$all pointers', { ptrs: { $all: [pointer('ArrayOther', 'o1')] } }),
  query('$all patterns', { words: { $all: [{ $regex: '^\\Qre\\E' }] } }),
  query('$all patterns and values', { words: { $all: [{ $regex: '^\\Qre\\E' }, 'green'] } }),
  query('$all no list', { list: { $all: 1 } }),
  query('$in', { list: { $in: [1, 4] } }),
  query('$in texts', { words: { $in: ['red', 'blue'] } }),
  query('$in pointers', { ptrs: { $in: [pointer('ArrayOther', 'o1')] } }),
  query('$in none', { list: { $in: [] } }),
  query('$nin', { list: { $nin: [1] } }),
  query('$nin none', { list: { $nin: [] } }),
  query('$ne', { list: { $ne: 1 } }),
  query('$exists', { list: { $exists: true } }),
  query('$containedBy', { list: { $containedBy: [1, 2, 3, 4] } }),
  query('$containedBy texts', { words: { $containedBy: ['red', 'green', 'blue'] } }),
  query('$containedBy no list', { list: { $containedBy: 1 } }),
  query('$size', { list: { $size: 2 } }),
  query('a pattern in a list', { words: { $regex: '^re' } }),
  query('a dotted key of the objects in a list', { 'objs.k': 2 }),
  query('an element by its place', { 'list.0': 3 }),
  query('an object in a list', { objs: { k: 3 } }),
  query('$gt of a list', { list: { $gt: 3 } }),
];

export const differences = {
  'a list contains a number': differsByIds('D08', 'r1', 'r2'),
  'a list contains a text': differsByIds('D08', 'r1'),
  'a whole list': differsByIds('D07', 'r2'),
  '$all patterns and values': differsByError(
    'D16',
    400,
    107,
    'All $all values must be of regex type or none: [{"$regex":"^\\\\Qre\\\\E"},"green"]',
  ),
  '$all no list': differsByError('D12', 400, 107, 'bad $all value'),
  '$in none': differsByIds('D06'),
  $nin: differsByIds('D04', 'r2', 'r3', 'r4'),
  $ne: differsByIds('D04', 'r2', 'r3', 'r4'),
  $size: differsByError('D12', 400, 107, 'bad constraint: $size'),
  'a pattern in a list': differsByIds('D08', 'r1'),
  'an object in a list': differsByIds('D07', 'r2'),
  '$gt of a list': differsByIds('D08', 'r2'),
};
