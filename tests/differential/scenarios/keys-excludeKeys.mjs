// keys and excludeKeys.
import { create, differs, find, get, pointer } from '../steps.mjs';

const C = 'KeysRow';
const all = (name, query) => find(name, C, query);

export const steps = [
  create('a target', 'KeysOther', { name: 'other', size: 3, deep: { a: 1 } }, { saves: 'other' }),
  create(
    'a row',
    C,
    { a: 1, b: 'two', o: { x: 1, y: 2 }, ptr: pointer('KeysOther', 'other'), ACL: { '*': { read: true, write: true } } },
    { saves: 'row' },
  ),
  all('one key', { keys: 'a' }),
  all('two keys', { keys: 'a,b' }),
  all('keys as a list', { keys: ['a', 'o'] }),
  all('keys with blanks', { keys: 'a, b' }),
  all('a key that is not there', { keys: 'nosuch' }),
  all('no keys', { keys: '' }),
  all('a dotted key of an object', { keys: 'o.x' }),
  all('a dotted key of a pointer', { keys: 'ptr.name' }),
  all('dotted keys of a pointer', { keys: 'ptr.name,ptr.size,a' }),
  all('a pointer that is not included', { keys: 'ptr' }),
  all('a pointer that is included', { keys: 'ptr', include: 'ptr' }),
  all('ACL', { keys: 'ACL' }),
  all('objectId', { keys: 'objectId' }),
  all('one key left out', { excludeKeys: 'a' }),
  all('two keys left out', { excludeKeys: 'a,o' }),
  all('keys left out as a list', { excludeKeys: ['a', 'o'] }),
  all('a key left out that is not there', { excludeKeys: 'nosuch' }),
  all('keys that cannot be left out', { excludeKeys: 'objectId,createdAt,updatedAt,ACL' }),
  all('a dotted key left out', { excludeKeys: 'o.x' }),
  all('a dotted key of a pointer left out', { include: 'ptr', excludeKeys: 'ptr.size' }),
  all('both', { keys: 'a,b', excludeKeys: 'b' }),
  all('both, so that nothing is left', { keys: 'a', excludeKeys: 'a' }),
  get('get with keys', C, 'row', { query: { keys: 'a' } }),
  get('get with excludeKeys', C, 'row', { query: { excludeKeys: 'a,b' } }),
  get('get with a dotted key', C, 'row', { query: { keys: 'ptr.name' } }),
];

export const differences = {
  'keys with blanks': differs('D15', 200, {
    results: [{ ACL: { '*': { read: true, write: true } }, a: 1, b: 'two', createdAt: '$date', objectId: '$id(row)', updatedAt: '$date' }],
  }),
};
