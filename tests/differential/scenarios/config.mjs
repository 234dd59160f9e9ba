// /config: parameters of the app.
import { date, differs, geoPoint, request } from '../steps.mjs';

const read = (name, more) => request('GET', name, '/config', more);
const write = (name, body, more) => request('PUT', name, '/config', { as: 'master', body, ...more });

export const steps = [
  read('before the first'),
  read('before the first, by the master', { as: 'master' }),
  write('by a client', { params: { a: 1 } }, { as: 'client' }),
  write('some parameters', { params: { text: 'hello', n: 5, flag: true, list: [1, 2], o: { a: { b: 1 } } } }),
  read('some parameters are read'),
  write('typed parameters', { params: { when: date('2020-01-01T00:00:00.000Z'), place: geoPoint(1, 2) } }),
  read('typed parameters are read'),
  write('a parameter for the master', { params: { secret: 's' }, masterKeyOnly: { secret: true } }),
  read('a client does not see it'),
  read('the master sees it', { as: 'master' }),
  write('change one', { params: { n: 6 } }),
  write('delete one', { params: { text: { __op: 'Delete' } } }),
  read('changed and deleted'),
  write('open it', { params: { secret: 's2' }, masterKeyOnly: { secret: false } }),
  read('it is open now'),
  write('nothing', { params: {} }),
  write('a denied keyword', { params: { foo: { _bsontype: 'Code' } } }),
  read('all at the end', { as: 'master' }),
];

export const differences = {
  nothing: differs('D27', 200, { result: true }),
};
