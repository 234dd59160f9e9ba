// Indexes in /schemas.
import { changeSchema, create, makeSchema, schemaOf } from '../steps.mjs';

const kFields = {
  a: { type: 'String' },
  b: { type: 'Number' },
  place: { type: 'GeoPoint' },
  p: { type: 'Pointer', targetClass: 'IndexOther' },
};

export const steps = [
  makeSchema('a class with an index', 'IndexOne', { fields: kFields, indexes: { byA: { a: 1 } } }),
  schemaOf('read a class with an index', 'IndexOne'),
  changeSchema('an index over two fields', 'IndexOne', { indexes: { byBoth: { a: 1, b: -1 } } }),
  changeSchema('an index that is there', 'IndexOne', { indexes: { byA: { b: 1 } } }),
  changeSchema('an index of a field that is not there', 'IndexOne', { indexes: { byNone: { nosuch: 1 } } }),
  changeSchema('delete an index that is not there', 'IndexOne', { indexes: { nosuch: { __op: 'Delete' } } }),
  changeSchema('delete an index', 'IndexOne', { indexes: { byA: { __op: 'Delete' } } }),
  schemaOf('read after deleting', 'IndexOne'),
  changeSchema('an index of a new field', 'IndexOne', { fields: { c: { type: 'String' } }, indexes: { byC: { c: 1 } } }),
  makeSchema('a class without index', 'IndexNone', { fields: kFields }),
  schemaOf('read a class without index', 'IndexNone'),
  create('an object of an indexed class', 'IndexOne', { a: 'x', b: 1 }),
];
