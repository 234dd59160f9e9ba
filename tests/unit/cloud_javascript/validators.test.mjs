// Validators: every rule with the answer that Parse Server 9 gives for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const user = { objectId: 'u1', username: 'ada' };
const admin = { user, userRoles: ['role:Admin'] };
const login = 'Validation failed. Please login to continue.';
const accepted = null;

/** [validator, parameters, rest of the request, text of the refusal or the parameters that the function sees] */
const rows = [
  ['{ requireUser: true }', {}, {}, login],
  ['{ requireUser: true }', {}, { user }, accepted],
  ['{ requireUser: true }', {}, { master: true }, accepted],
  ['{ requireUser: true, validateMasterKey: true }', {}, { master: true }, login],
  ['{ requireUser: true, skipWithMasterKey: true }', {}, {}, login],
  ['{ requireMaster: true }', {}, { user }, 'Validation failed. Master key is required to complete this request.'],
  ['{ requireMaster: true }', {}, { master: true }, accepted],
  [`{ fields: ['a', 'b'] }`, { a: 1 }, {}, 'Validation failed. Please specify data for b.'],
  [`{ fields: ['a', 'b'] }`, { a: 1, b: null }, {}, 'Validation failed. Please specify data for b.'],
  [`{ fields: ['a', 'b'] }`, { a: 0, b: '' }, {}, accepted],
  [`{ fields: { a: { required: true, error: 'own text' } } }`, {}, {}, 'Validation failed. Please specify data for a.'],
  ['{ fields: { a: { type: String } } }', { a: 5 }, {}, 'Validation failed. Invalid type for a. Expected: string'],
  ['{ fields: { a: { type: String } } }', {}, {}, accepted],
  ['{ fields: { a: { type: String } } }', { a: null }, {}, 'Validation failed. Invalid type for a. Expected: string'],
  [`{ fields: { a: { type: String, error: 'own type text' } } }`, { a: 1 }, {}, 'Validation failed. Invalid type for a. Expected: string'],
  ['{ fields: { a: { type: Number, required: true } } }', { a: 'x' }, {}, 'Validation failed. Invalid type for a. Expected: number'],
  ['{ fields: { a: { type: Boolean } } }', { a: 1 }, {}, 'Validation failed. Invalid type for a. Expected: boolean'],
  ['{ fields: { a: { type: Array } } }', { a: {} }, {}, 'Validation failed. Invalid type for a. Expected: array'],
  ['{ fields: { a: { type: Array } } }', { a: [] }, {}, accepted],
  ['{ fields: { a: { type: Object } } }', { a: [] }, {}, 'Validation failed. Invalid type for a. Expected: object'],
  ['{ fields: { a: { type: Object } } }', { a: {} }, {}, accepted],
  ['{ fields: { a: { type: Date } } }', { a: 'soon' }, {}, 'Validation failed. Invalid type for a. Expected: date'],
  [`{ fields: { a: { options: ['x', 'y'] } } }`, { a: 'z' }, {}, 'Validation failed. Invalid option for a. Expected: x, y'],
  [`{ fields: { a: { options: ['x', 'y'] } } }`, { a: 'x' }, {}, accepted],
  [`{ fields: { a: { options: ['x', 'y'] } } }`, {}, {}, accepted],
  [`{ fields: { a: { options: ['x', 'y'] } } }`, { a: null }, {}, 'Validation failed. Invalid option for a. Expected: x, y'],
  [`{ fields: { a: { options: 'x' } } }`, { a: 'z' }, {}, 'Validation failed. Invalid option for a. Expected: x'],
  [`{ fields: { a: { options: ['x'], error: 'own option' } } }`, { a: 'z' }, {}, 'own option'],
  ['{ fields: { a: { options: (value) => value > 5 } } }', { a: 1 }, {}, 'Validation failed. Invalid value for a.'],
  ['{ fields: { a: { options: async (value) => value > 5 } } }', { a: 9 }, {}, accepted],
  [`{ fields: { a: { options: () => { throw 'thrown text'; } } } }`, { a: 1 }, {}, 'thrown text'],
  [`{ fields: { a: { options: () => { throw new Error('error text'); } } } }`, { a: 1 }, {}, 'error text'],
  ['{ fields: { a: { options: () => { throw undefined; } } } }', { a: 1 }, {}, 'Validation failed. Invalid value for a.'],
  ['{ fields: { a: { options: () => {} } } }', { a: 1 }, {}, accepted],
  [
    `{ fields: { a: { default: 5 }, b: { default: 'x', type: String } } }`,
    { b: 5 },
    {},
    'Validation failed. Invalid type for b. Expected: string',
  ],
  [`{ requireAnyUserRoles: ['Admin'] }`, {}, {}, login],
  [`{ requireAnyUserRoles: ['Admin'] }`, {}, { user }, 'Validation failed. User does not match the required roles.'],
  [`{ requireAnyUserRoles: ['Staff', 'Admin'] }`, {}, admin, accepted],
  [`{ requireAnyUserRoles: async () => ['Staff'] }`, {}, admin, 'Validation failed. User does not match the required roles.'],
  [`{ requireAllUserRoles: ['Admin', 'Staff'] }`, {}, admin, 'Validation failed. User does not match all the required roles.'],
  [`{ requireAllUserRoles: ['Admin'] }`, {}, admin, accepted],
  [`{ requireUserKeys: ['phone'] }`, {}, {}, 'Please login to make this request.'],
  [`{ requireUserKeys: ['phone'] }`, {}, { user }, 'Validation failed. Please set data for phone on your account.'],
  [`{ requireUserKeys: ['username'] }`, {}, { user }, accepted],
  [`{ requireUserKeys: { phone: { options: '1', error: 'bad phone' } } }`, {}, { user }, 'bad phone'],
  [`{ requireUserKeys: { username: { options: 'ada' } } }`, {}, { user }, accepted],
  [`(request) => { if (!request.params.a) throw 'need a'; }`, {}, { master: true }, 'need a'],
  [`() => { throw new Error('an error'); }`, {}, {}, 'an error'],
  ['() => Promise.reject()', {}, {}, 'Validation failed.'],
  ['() => false', {}, {}, accepted],
];

test('every rule accepts and refuses as Parse Server does', async (t) => {
  const cloud = await startCloud(
    rows.map(([validator], index) => `Parse.Cloud.define('f${index}', () => 'ran', ${validator});`).join('\n'),
  );
  assert.equal(cloud.loadError, undefined);
  for (const [index, [validator, params, request, expected]] of rows.entries()) {
    await t.test(`${validator} ${JSON.stringify(params)} ${Object.keys(request)}`, async () => {
      const { result, error } = await cloud.call('function', `f${index}`, { params, ...request });
      if (expected === accepted) assert.deepEqual(result, { result: 'ran' });
      else assert.deepEqual([error?.code, error?.message], [142, expected]);
    });
  }
});

test('a Parse.Error of a validator keeps its code', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('f', () => 1, () => { throw new Parse.Error(7, 'seven'); });`);
  const { error } = await cloud.call('function', 'f');
  assert.deepEqual([error.code, error.message], [7, 'seven']);
});

test('defaults fill parameters, but not for the master key', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('f', ({ params }) => params, { fields: { a: { default: 5 },
    d: { type: Date } } });`);
  assert.deepEqual(await cloud.result('f'), { a: 5 });
  assert.deepEqual(await cloud.result('f', {}, { master: true }), {});
  const d = { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' };
  assert.deepEqual(await cloud.result('f', { d }), { a: 5, d });
});

const guarded = `Parse.Cloud.beforeSave('Guarded', () => {}, { fields: { a: { required: true, type: Number }, c: { constant: true,
  default: 'k' } } });`;

test('validators of triggers look at the object; constants keep what they were', async () => {
  const cloud = await startCloud(guarded);
  const save = (update, extra) => cloud.trigger('beforeSave', 'Guarded', { update, ...extra });
  assert.equal((await save({})).error.message, 'Validation failed. Please specify data for a.');
  assert.equal((await save({ a: 'x' })).error.message, 'Validation failed. Invalid type for a. Expected: number');
  assert.deepEqual((await save({ a: 1 })).result.update, { a: 1, c: 'k' });
  assert.deepEqual((await save({ a: 1, c: 'mine' })).result.update, { a: 1, c: 'k' });
  const original = { objectId: 'g', a: 1, c: 'k' };
  assert.deepEqual((await save({ c: 'changed' }, { original })).result.update, {});
  assert.deepEqual((await save({ c: 'changed' }, { original, master: true })).result.update, { c: 'changed' });
});

test('requireUser lets a user sign up', async () => {
  const cloud = await startCloud(`Parse.Cloud.beforeSave(Parse.User, () => {}, { requireUser: true });`);
  assert.equal((await cloud.trigger('beforeSave', '_User', { update: { username: 'new' } })).error, undefined);
  assert.equal((await cloud.trigger('beforeSave', '_User', { update: { username: 'b' }, original: user })).error.message, login);
});

test('skipWithMasterKey leaves a trigger out for the master key', async () => {
  const cloud = await startCloud(
    `Parse.Cloud.beforeSave('Order', ({ object }) => { object.set('ran', true); }, { skipWithMasterKey: true });`,
  );
  const ran = async (extra) => (await cloud.trigger('beforeSave', 'Order', { update: {}, ...extra })).result.update;
  assert.deepEqual(await ran({}), { ran: true });
  assert.deepEqual(await ran({ master: true }), {});
});

const unsupported = (key) => `${key} is not a supported parameter for Cloud Function validations.`;
const wrongType = (key, expected, actual) =>
  `Invalid type for Cloud Function validation key ${key}. Expected ${expected}, actual ${actual}`;

const definitions = {
  '{ bad: 1 }': unsupported('bad'),
  '{ toString: 1 }': unsupported('toString'),
  "{ requireUser: 'yes' }": wrongType('requireUser', 'boolean', 'string'),
  "{ requireAnyUserRoles: 'x' }": wrongType('requireAnyUserRoles', 'array|function', 'string'),
  "['a']": unsupported('0'),
  "'text'": unsupported('0'),
  "{ fields: 'x' }": wrongType('fields', 'array|object', 'string'),
  '{ fields: { a: { typo: 1 } } }': unsupported('typo'),
  "{ fields: { a: { required: 'x' } } }": wrongType('required', 'boolean', 'string'),
  '{ fields: { a: { error: 5 } } }': wrongType('error', 'string', 'number'),
  "{ fields: { a: 'b' } }": unsupported('0'),
  '{ requireUserKeys: 5 }': wrongType('requireUserKeys', 'array|object', 'number'),
  '{ rateLimit: 5 }': wrongType('rateLimit', 'object', 'number'),
};

test('validators that mean nothing are refused when they are defined', async () => {
  const attempt = (define) => `try { ${define}; console.log('accepted'); } catch (error) { console.log(error.message); }`;
  const attempts = (define) => Object.keys(definitions).map((validator) => attempt(define(validator)));
  const defines = [
    (validator) => `Parse.Cloud.define('f', () => {}, ${validator})`,
    (validator) => `Parse.Cloud.afterFind('Order', () => {}, ${validator})`,
  ];
  for (const define of defines) {
    const cloud = await startCloud(attempts(define).join('\n'));
    assert.deepEqual(cloud.texts('info'), Object.values(definitions));
  }
});

test('rate limits are registered with the path and methods that they count', async () => {
  const cloud = await startCloud(`
    const rateLimit = { requestTimeWindow: 1000, requestCount: 2 };
    Parse.Cloud.define('f', () => {}, { rateLimit, requireUser: true });
    Parse.Cloud.beforeSave('Order', () => {}, { rateLimit });
    Parse.Cloud.beforeFind(Parse.User, () => {}, { rateLimit });
    Parse.Cloud.beforeDelete(Parse.File, () => {}, { rateLimit: { ...rateLimit, zone: Parse.Server.RateLimitZone.user } });
    Parse.Cloud.beforeLogin(() => {}, { rateLimit });`);
  const limit = { requestTimeWindow: 1000, requestCount: 2 };
  assert.deepEqual(
    cloud.registered.map((entry) => entry.rateLimit),
    [
      { requestPath: '/functions/f', ...limit },
      { requestPath: '/classes/Order{/*id}', requestMethods: ['POST', 'PUT'], ...limit },
      { requestPath: '/users{/*id}', requestMethods: ['GET'], ...limit },
      { requestPath: '/files{/*id}', requestMethods: ['DELETE'], ...limit, zone: 'user' },
      { requestPath: '/login', requestMethods: ['POST', 'GET'], ...limit },
    ],
  );
  assert.equal(cloud.registered[0].requireUser, true);
});
