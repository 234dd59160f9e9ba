// Names of fields, keys inside of values, and classes.
import { create, differs, find, get, request, update } from '../steps.mjs';

const C = 'NamesThing';
const badFields = ['1a', 'a b', 'a-b', '$a', '_a', 'é', 'a$', '', 'length', 'a"b', "a'b", 'a;b'];
const badClasses = ['1a', '_nope', 'a-b', 'a%20b'];

export const steps = [
  create('an object', C, { a: 1, o: {} }, { saves: 'one' }),
  create('names that are allowed', C, { A1_b: 1, x: 2, Z: 3, a_: 4, select: 6, order: 7 }, { saves: 'allowed' }),
  get('read names that are allowed', C, 'allowed'),
  create('names that differ by case', C, { cased: 1, CASED: 2, Cased: 3 }, { saves: 'cased' }),
  get('read names that differ by case', C, 'cased'),
  ...badFields.map((field) => create(`create with ${JSON.stringify(field)}`, C, { [field]: 1 })),
  ...badFields.slice(0, 5).map((field) => update(`update with ${JSON.stringify(field)}`, C, 'one', { [field]: 1 })),
  create('a dotted name on create', C, { 'o.a': 1 }),
  create('a nested key with a dollar', C, { o: { $a: 1 } }),
  create('a nested key with a dot', C, { o: { 'a.b': 1 } }),
  create('a deeply nested key with a dollar', C, { o: { a: { b: { $c: 1 } } } }),
  create('a nested key in a list', C, { l: [{ 'a.b': 1 }] }),
  create('odd nested keys', C, { o: { '': 1, 'a b': 2, é: 3, 1: 4, _x: 5 } }, { saves: 'odd' }),
  get('read odd nested keys', C, 'odd'),
  create('a name that holds a denied keyword', C, { constructorX: 5 }),
  create('the keyword constructor', C, { o: { constructor: 1 } }),
  create('the keyword _bsontype', C, { o: { _bsontype: 'Code' } }),
  update('the keyword constructor in a dotted key', C, 'one', { 'o.constructor': 1 }),
  update('the keyword __proto__ in a deep dotted key', C, 'one', { 'o.__proto__.x': { __op: 'Increment', amount: 1 } }),
  create('the keyword _bsontype in an operator', C, { l: { __op: 'Add', objects: [{ _bsontype: 'Code' }] } }),
  create('an allowed _bsontype', C, { o: { _bsontype: 'Other' } }),
  ...badClasses.map((name) => request('POST', `an object of class ${name}`, `/classes/${name}`, { body: { a: 1 } })),
  ...badClasses.map((name) => request('GET', `objects of class ${name}`, `/classes/${name}`)),
  create('a class whose case differs', 'namesThing', { a: 'text' }),
  find('the class whose case differs', 'namesThing', {}),
  request('POST', 'a class of 100 letters', `/classes/${'N'.repeat(100)}`, { body: { a: 1 } }),
];

export const differences = {
  'a name that holds a denied keyword': differs('D21', 201, { createdAt: '$date', objectId: '$id' }),
};
