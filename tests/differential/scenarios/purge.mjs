// DELETE /purge: every object of a class.
import { create, find, request, schemaOf } from '../steps.mjs';

export const steps = [
  create('an object', 'PurgeRow', { n: 1 }),
  create('another object', 'PurgeRow', { n: 2 }),
  request('DELETE', 'purge by a client', '/purge/PurgeRow'),
  find('all are there', 'PurgeRow', { count: 1, limit: 0 }),
  request('DELETE', 'purge', '/purge/PurgeRow', { as: 'master' }),
  find('none is there', 'PurgeRow', { count: 1 }),
  request('DELETE', 'purge what is empty', '/purge/PurgeRow', { as: 'master' }),
  request('DELETE', 'purge a class that is not there', '/purge/PurgeNone', { as: 'master' }),
  schemaOf('the class stays', 'PurgeRow'),
  create('an object after that', 'PurgeRow', { n: 3 }),
];
