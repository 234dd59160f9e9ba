// Functions as the users' code defines them: requests, results, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const user = {
  objectId: 'u1',
  username: 'ada',
  sessionToken: 'r:token',
  createdAt: '2024-01-01T00:00:00.000Z',
  updatedAt: '2024-01-01T00:00:00.000Z',
};

test('a function gets its parameters and its result is sent', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('hello', (request) => 'Hello ' + request.params.name);`);
  assert.equal(cloud.loadError, undefined);
  assert.deepEqual(cloud.registered, [{ kind: 'function', name: 'hello' }]);
  assert.deepEqual(await cloud.call('function', 'hello', { params: { name: 'Ada' } }), { result: { result: 'Hello Ada' } });
});

test('the request holds the fields that Parse Server gives it', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('keys', (request) => Object.keys(request));
    Parse.Cloud.define('who', ({ user, master, isReadOnly, ip, headers, installationId, context, functionName }) => ({
      name: user.get('username'), token: user.getSessionToken(), isUser: user instanceof Parse.User,
      master, isReadOnly, ip, headers, installationId, context, functionName,
    }));`);
  const keys = 'params config master isReadOnly user installationId log headers ip functionName context'.split(' ');
  assert.deepEqual(await cloud.result('keys'), keys);
  const request = { user, ip: '10.0.0.1', headers: { 'x-a': 'b' }, installationId: 'i1', context: { key: 1 } };
  assert.deepEqual(await cloud.result('who', {}, request), {
    name: 'ada',
    token: 'r:token',
    isUser: true,
    master: false,
    isReadOnly: false,
    ip: '10.0.0.1',
    headers: { 'x-a': 'b' },
    installationId: 'i1',
    context: { key: 1 },
    functionName: 'who',
  });
});

test('dates, pointers and files in parameters are objects, the rest is plain', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('types', ({ params: { date, pointer, file, place, list } }) => ({
      date: date instanceof Date && date.getUTCFullYear(), pointer: pointer instanceof Parse.Object && pointer.id,
      file: file instanceof Parse.File && file.url(), place: place instanceof Parse.GeoPoint, nested: list[0].at instanceof Date,
    }));`);
  const params = {
    date: { __type: 'Date', iso: '2020-05-06T07:08:09.000Z' },
    pointer: { __type: 'Pointer', className: 'Product', objectId: 'p1' },
    file: { __type: 'File', name: 'a.txt', url: 'http://localhost/a.txt' },
    place: { __type: 'GeoPoint', latitude: 1, longitude: 2 },
    list: [{ at: { __type: 'Date', iso: '2020-05-06T07:08:09.000Z' } }],
  };
  assert.deepEqual(await cloud.result('types', params), {
    date: 2020,
    pointer: 'p1',
    file: 'http://localhost/a.txt',
    place: false,
    nested: true,
  });
});

test('parameters cannot reach the prototype', async () => {
  const cloud = await startCloud(
    `Parse.Cloud.define('f', ({ params }) => [params.admin ?? null, Object.keys(params), ({}).admin ?? null]);`,
  );
  assert.deepEqual(await cloud.result('f', JSON.parse('{"a":1,"__proto__":{"admin":true}}')), [null, ['a'], null]);
});

test('results are encoded as Parse Server encodes them', async () => {
  const cloud = await startCloud(`
    const product = () => Parse.Object.fromJSON({ className: 'Product', objectId: 'p1', price: 5 });
    Parse.Cloud.define('nothing', () => {});
    Parse.Cloud.define('null', () => null);
    Parse.Cloud.define('date', async () => ({ at: new Date(0) }));
    Parse.Cloud.define('object', () => [product()]);
    Parse.Cloud.define('changed', () => { const object = product(); object.set('price', 6); return object; });
    Parse.Cloud.define('place', () => new Parse.GeoPoint(1, 2));`);
  assert.deepEqual(await cloud.call('function', 'nothing'), { result: {} });
  assert.deepEqual(await cloud.call('function', 'null'), { result: { result: null } });
  assert.deepEqual(await cloud.result('date'), { at: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' } });
  assert.deepEqual(await cloud.result('object'), [{ __type: 'Object', className: 'Product', objectId: 'p1', price: 5 }]);
  assert.deepEqual(await cloud.result('changed'), { __type: 'Pointer', className: 'Product', objectId: 'p1' });
  assert.deepEqual(await cloud.result('place'), { __type: 'GeoPoint', latitude: 1, longitude: 2 });
});

test('results that no JSON can hold are errors that say so', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('unsaved', () => [{ order: new Parse.Object('Order') }]);
    Parse.Cloud.define('file', () => new Parse.File('a.txt', { base64: 'YQ==' }));
    Parse.Cloud.define('circle', () => { const a = {}; a.list = [a]; return a; });
    Parse.Cloud.define('number', () => 1n);
    Parse.Cloud.define('works', () => 'yes');`);
  const messageOf = async (name) => (await cloud.call('function', name)).error;
  assert.match((await messageOf('unsaved')).message, /unsaved object of the class Order/);
  assert.match((await messageOf('file')).message, /unsaved file a\.txt/);
  assert.match((await messageOf('circle')).message, /refers to itself/);
  assert.match((await messageOf('number')).message, /bigint/i);
  for (const name of ['unsaved', 'file', 'circle', 'number']) assert.equal((await messageOf(name)).code, 141);
  assert.equal(await cloud.result('works'), 'yes');
});

const thrown = {
  text: [`throw 'plain text'`, 141, 'plain text'],
  error: [`throw new TypeError('wrong type')`, 141, 'wrong type'],
  parseError: [`throw new Parse.Error(Parse.Error.OBJECT_NOT_FOUND, 'gone')`, 101, 'gone'],
  ownCode: [`throw new Parse.Error(9001, 'mine')`, 9001, 'mine'],
  plainObject: [`throw { code: 101, message: 'has a code' }`, 141, 'has a code'],
  otherObject: [`throw { reason: 'none' }`, 141, { reason: 'none' }],
  number: ['throw 42', 141, 42],
  nothing: ['return Promise.reject()', 141, 'Script failed.'],
  rejection: [`return Promise.reject(new Error('later'))`, 141, 'later'],
  refused: [`return new Parse.Query('Gone').get('x')`, 101, 'Object not found.'],
};

for (const [name, [code, errorCode, message]] of Object.entries(thrown)) {
  test(`thrown: ${name}`, async () => {
    const cloud = await startCloud(`Parse.Cloud.define('f', () => { ${code} }); Parse.Cloud.define('next', () => 1);`);
    const { error } = await cloud.call('function', 'f');
    assert.deepEqual([error.code, error.message], [errorCode, message]);
    assert.equal(await cloud.result('next'), 1);
  });
}

test("the stack names the user's file, line and column, and nothing else", async () => {
  const cloud = await startCloud(
    `// first line\nfunction fail() {\n  throw new Error('here');\n}\nParse.Cloud.define('f',
      async () => {\n  await null;\n  fail();\n});`,
  );
  const { error } = await cloud.call('function', 'f');
  const lines = error.stack.split('\n');
  assert.equal(lines[0], 'Error: here');
  assert.match(lines[1], /at fail \(\/app\/cloud\/main\.js:3:\d+\)/);
  assert.ok(
    lines.slice(1).every((line) => line.includes('/app/cloud/main.js')),
    error.stack,
  );
});

test('columns on the first line are those of the file', async () => {
  const source = `Parse.Cloud.define('f', () => { throw new Error('here'); });`;
  const cloud = await startCloud(source);
  const { error } = await cloud.call('function', 'f');
  const column = Number(/main\.js:1:(\d+)/.exec(error.stack)[1]);
  const place = source.indexOf('new Error');
  assert.ok(column > place && column <= place + 'new Error('.length, `${column} is not near ${place}`);
});

test('an unknown function is named in the error', async () => {
  const cloud = await startCloud('');
  assert.deepEqual((await cloud.call('function', 'nope')).error, { code: 141, message: 'Invalid function: "nope"' });
});

test('names of what every object has are no functions', async () => {
  const cloud = await startCloud(`Parse.Cloud.define('real', () => 1, { requireMaster: true }); Parse.Cloud.job('work', () => {});`);
  for (const name of [
    'constructor',
    'toString',
    '__proto__',
    'real.constructor',
    'real.__proto__',
    'real.prototype.constructor',
    'a\u0000b',
    'x'.repeat(5000),
  ]) {
    const { error } = await cloud.call('function', name);
    assert.deepEqual(error, { code: 141, message: `Invalid function: "${name}"` });
    assert.equal((await cloud.call('job', name)).error.message, 'Invalid job.');
  }
  assert.equal((await cloud.call('function', 'real')).error.code, 142);
});

test('a context cannot reach the prototype', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('f', ({ context }) => [context.isAdmin ?? null, ({}).dummy ?? null]);
    Parse.Cloud.beforeSave('Order', ({ context }) => { if (context.isAdmin || ({}).dummy) throw 'polluted'; });`);
  for (const text of ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"dummy":0}}}']) {
    assert.deepEqual(await cloud.result('f', {}, { context: JSON.parse(text) }), [null, null]);
    assert.equal((await cloud.trigger('beforeSave', 'Order', { update: {}, context: JSON.parse(text) })).error, undefined);
  }
});

test('names with dots work, and the last definition of a name wins with a warning', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('a.b', () => 'dotted');
    Parse.Cloud.define('twice', () => 1);
    Parse.Cloud.define('twice', () => 2);`);
  assert.equal(await cloud.result('a.b'), 'dotted');
  assert.equal(await cloud.result('twice'), 2);
  assert.match(cloud.texts('warn')[0], /Duplicate cloud functions exist for twice/);
});

test('functions of two arguments answer through the second', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.define('later', (request, response) => { setTimeout(() => response.success({ ok: true }), 1); });
    Parse.Cloud.define('extras', (request, response) => response.status(201).header('X-Kind', 'tea').success('made'));
    Parse.Cloud.define('returned', async (request, response) => 'value');
    Parse.Cloud.define('text', (request, response) => response.error('tea'));
    Parse.Cloud.define('coded', (request, response) => response.error(777, 'coffee'));
    Parse.Cloud.define('twice', (request, { success }) => { success(1); success(2); });
    Parse.Cloud.define('unsaved', (request, response) => response.success(new Parse.Object('Order')));`);
  assert.deepEqual(await cloud.result('later'), { ok: true });
  assert.deepEqual((await cloud.call('function', 'extras')).result, { result: 'made', status: 201, headers: { 'X-Kind': 'tea' } });
  assert.equal(await cloud.result('returned'), 'value');
  assert.deepEqual((await cloud.call('function', 'text')).error, { code: 141, message: 'tea' });
  const { code, message } = (await cloud.call('function', 'coded')).error;
  assert.deepEqual([code, message], [777, 'coffee']);
  assert.equal(await cloud.result('twice'), 1);
  assert.match((await cloud.call('function', 'unsaved')).error.message, /unsaved object/);
});

test('jobs say their progress and end with text, value or error', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.job('keys', (request) => JSON.stringify(Object.keys(request)));
    Parse.Cloud.job('talks', async ({ message }) => { message('half'); return { not: 'text' }; });
    Parse.Cloud.job('fails', async () => { throw new Error('no'); });
    Parse.Cloud.job('old', (request, status) => { status.message('x'); setTimeout(() => status.success('done'), 1); });
    Parse.Cloud.job('oldError', (request, status) => status.error('bad'));
    Parse.Cloud.job('oldAsync', async (request, status) => 'returned');`);
  const { result } = await cloud.call('job', 'keys', { jobId: 'j' });
  assert.deepEqual(JSON.parse(result.message), 'params message jobId jobName log headers ip config'.split(' '));
  assert.deepEqual(await cloud.call('job', 'talks'), { result: {} });
  assert.equal(cloud.progress[0].message, 'half');
  assert.equal((await cloud.call('job', 'fails')).error.message, 'no');
  assert.deepEqual(await cloud.call('job', 'old'), { result: { message: 'done' } });
  assert.equal((await cloud.call('job', 'oldError')).error.message, 'bad');
  assert.deepEqual(await cloud.call('job', 'oldAsync'), { result: { message: 'returned' } });
  assert.equal((await cloud.call('job', 'nope')).error.message, 'Invalid job.');
});

test('what throws while the code loads is reported with its place', async () => {
  const thrown = await startCloud(`\nnull.x;`);
  assert.match(thrown.loadError.message, /null/);
  assert.match(thrown.loadError.stack, /\/app\/cloud\/main\.js:2:/);
  const broken = await startCloud(`let a = 1;\nlet b = ;`);
  assert.match(broken.loadError.stack, /SyntaxError.*\n.*\/app\/cloud\/main\.js:2:9/);
  const refused = await startCloud(`Parse.Cloud.beforeLogin('Order', () => {});`);
  assert.match(refused.loadError.message, /Only the _User class is allowed/);
});
