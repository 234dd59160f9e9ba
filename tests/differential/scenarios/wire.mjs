// Paths, keys, bodies, methods and headers.
import { create, differs, differsByError, find, request } from '../steps.mjs';

const C = 'WireRow';
const override = (name, method, path, body, more) => request('POST', name, path, { body: { _method: method, ...body }, ...more });
const inBody = {
  _ApplicationId: 'app',
  _JavaScriptKey: 'js',
  _ClientVersion: 'js8.0.0',
  _InstallationId: '11111111-2222-3333-4444-555555555555',
};
const asText = { 'Content-Type': 'text/plain' };

export const steps = [
  request('GET', 'health', '/health', { as: 'nobody' }),
  create('an object', C, { n: 1 }, { saves: 'one' }),
  find('no keys', C, {}, { as: 'nobody' }),
  find('an unknown application', C, {}, { headers: { 'X-Parse-Application-Id': 'nobody' } }),
  find('an application without client key', C, {}, { headers: { 'X-Parse-Javascript-Key': null } }),
  find('a wrong client key', C, {}, { headers: { 'X-Parse-Javascript-Key': 'wrong' } }),
  find('a wrong master key', C, {}, { headers: { 'X-Parse-Master-Key': 'wrong' } }),
  find('a wrong master key without client key', C, {}, { headers: { 'X-Parse-Javascript-Key': null, 'X-Parse-Master-Key': 'wrong' } }),
  request('GET', 'a route for the master key', '/schemas', {}),
  request('POST', 'a route for the master key, to write', '/schemas/WireNo', { body: { className: 'WireNo' } }),
  request('GET', 'the security report, by a client', '/security', {}),
  request('GET', 'the security report, which is off', '/security', { as: 'master' }),
  request('GET', 'keys as basic authorisation', `/classes/${C}`, {
    as: 'nobody',
    headers: { Authorization: `Basic ${Buffer.from('app:javascript-key=js').toString('base64')}` },
  }),
  override('keys in the body', 'GET', `/classes/${C}`, { ...inBody, where: { n: 1 } }, { as: 'nobody', headers: asText }),
  override('keys in the body, to make', 'POST', `/classes/${C}`, { ...inBody, n: 2 }, { as: 'nobody', headers: asText, saves: 'two' }),
  override('keys in the body, to change', 'PUT', `/classes/${C}/$id(two)`, { ...inBody, n: 3 }, { as: 'nobody', headers: asText }),
  override('keys in the body, to read one', 'GET', `/classes/${C}/$id(two)`, inBody, { as: 'nobody', headers: asText }),
  override('keys in the body, to delete', 'DELETE', `/classes/${C}/$id(two)`, inBody, { as: 'nobody', headers: asText }),
  override(
    'a wrong application in the body',
    'GET',
    `/classes/${C}`,
    { ...inBody, _ApplicationId: 'other' },
    { as: 'nobody', headers: asText },
  ),
  override('a wrong key in the body', 'GET', `/classes/${C}`, { ...inBody, _JavaScriptKey: 'other' }, { as: 'nobody', headers: asText }),
  override('an application that is a number', 'GET', `/classes/${C}`, { ...inBody, _ApplicationId: 5 }, { as: 'nobody', headers: asText }),
  override(
    'an installation that is a number',
    'GET',
    `/classes/${C}`,
    { ...inBody, _InstallationId: 5 },
    { as: 'nobody', headers: asText },
  ),
  override('a method in small letters', 'get', `/classes/${C}`, { where: { n: 1 } }),
  override('a method that is a number', 5, `/classes/${C}`, { n: 5 }),
  override('a filter as text', 'GET', `/classes/${C}`, { where: '{"n":1}' }),
  override('a filter that is broken', 'GET', `/classes/${C}`, { where: '{"n":' }),
  override('an unknown parameter', 'GET', `/classes/${C}`, { foo: 1 }),
  override('a read of one, with an unknown parameter', 'GET', `/classes/${C}/$id(one)`, { foo: 1 }),
  request('GET', 'a path in other case', `/CLASSES/${C}`, { query: { limit: 0 } }),
  request('GET', 'a path with a slash at the end', `/classes/${C}/`, { query: { limit: 0 } }),
  request('GET', 'a doubled slash', `//classes/${C}`, { query: { limit: 0 } }),
  request('POST', 'an empty body', `/classes/${C}`, {}),
  request('POST', 'a body that is a list', `/classes/${C}`, { body: [1, 2] }),
  request('POST', 'a body that is not closed', `/classes/${C}`, { body: '{"n":' }),
  request('POST', 'a body that is text', `/classes/${C}`, { body: 'hello' }),
  request('POST', 'a body that is a number', `/classes/${C}`, { body: '5' }),
  request('POST', 'a body without type', `/classes/${C}`, { body: '{"n":1}', headers: { 'Content-Type': null } }),
  request('POST', 'a form', `/classes/${C}`, { body: 'name=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  request('GET', 'a filter in brackets', `/classes/${C}?where[n]=1`),
  request('POST', 'JSON called a form', `/classes/${C}`, {
    body: '{"n":1}',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  }),
  request('GET', 'a filter that is not JSON', `/classes/${C}?where=hello`),
  request('GET', 'a filter that is broken, in the address', `/classes/${C}?where=%7B%22n%22%3A`),
  request('OPTIONS', 'a preflight', `/classes/${C}`, {
    as: 'nobody',
    shows: ['access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers', 'access-control-expose-headers'],
  }),
  request('GET', 'headers for browsers', '/health', {
    as: 'nobody',
    shows: ['access-control-allow-origin', 'access-control-allow-methods', 'content-type'],
  }),
  request('GET', 'a session that nobody has', `/classes/${C}`, {
    headers: { 'X-Parse-Session-Token': 'r:00000000000000000000000000000000' },
  }),
  request('GET', 'a session that nobody has, by master', `/classes/${C}`, {
    as: 'master',
    query: { limit: 0 },
    headers: { 'X-Parse-Session-Token': 'r:0' },
  }),
  create('a context that is no object', C, { n: 1 }, { headers: { 'X-Parse-Cloud-Context': '5' } }),
  create('a context', C, { n: 1 }, { headers: { 'X-Parse-Cloud-Context': '{"a":1}' } }),
];

export const differences = {
  'a method that is a number': differsByError('D02', 400, 105, 'Invalid field name: _method.'),
  'a body that is not closed': differs('D16', 400, {
    error: "The body is not JSON: unexpected end of input; expected '[', '{', or a literal at line 1, column 6",
  }),
  'a body that is text': differs('D16', 400, { error: "The body is not JSON: invalid literal; last read: 'h' at line 1, column 1" }),
  'a body that is a number': differs('D16', 400, { error: 'The body must be a JSON object' }),
  'JSON called a form': differs('D18', 201, { createdAt: '$date', objectId: '$id' }),
};
