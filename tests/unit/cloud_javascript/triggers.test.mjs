// Triggers: what their requests hold and what their changes become.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const stored = {
  objectId: 'o1',
  className: 'Order',
  name: 'tea',
  count: 2,
  tags: ['a'],
  info: { x: 1, y: 2 },
  createdAt: '2024-01-01T00:00:00.000Z',
  updatedAt: '2024-01-01T00:00:00.000Z',
};

const keysTrigger = (type, classRef = `'Order'`) =>
  `Parse.Cloud.${type}(${classRef}, (request) => { console.log(JSON.stringify(Object.keys(request).sort())); });`;

async function keysOf(type, className, request, classRef) {
  const cloud = await startCloud(keysTrigger(type, classRef));
  assert.equal(cloud.loadError, undefined);
  const { error } = await cloud.trigger(type, className, request);
  assert.equal(error, undefined);
  return JSON.parse(cloud.texts('info')[0]);
}

const common = ['triggerName', 'master', 'isReadOnly', 'log', 'headers', 'ip', 'config'];
const sorted = (...keys) => [...common, ...keys].sort();

test('requests hold the fields of the reference, and no others', async () => {
  assert.deepEqual(await keysOf('beforeSave', 'Order', { update: {} }), sorted('object', 'context'));
  assert.deepEqual(await keysOf('beforeSave', 'Order', { update: {}, original: stored }), sorted('object', 'original', 'context'));
  const signedIn = { object: stored, user: { objectId: 'u' }, installationId: 'i' };
  assert.deepEqual(await keysOf('afterSave', 'Order', signedIn), sorted('object', 'context', 'user', 'installationId'));
  assert.deepEqual(await keysOf('beforeDelete', 'Order', { object: stored }), sorted('object', 'context'));
  assert.deepEqual(await keysOf('beforeFind', 'Order', { query: { where: {} } }), sorted('query', 'count', 'isGet', 'context'));
  assert.deepEqual(await keysOf('afterFind', 'Order', { objects: [], query: {} }), sorted('objects', 'query', 'isGet', 'context'));
  assert.deepEqual(await keysOf('beforeSave', '@File', { file: { name: 'a' } }, 'Parse.File'), sorted('file', 'fileSize'));
  assert.deepEqual(await keysOf('beforeSave', '@Config', { object: { params: {} } }, 'Parse.Config'), sorted('object', 'context'));
});

async function beforeSave(code, request) {
  const cloud = await startCloud(`Parse.Cloud.beforeSave('Order', async (request) => { const { object, original } = request;
    ${code} });`);
  return { ...(await cloud.trigger('beforeSave', 'Order', request)), cloud };
}

test("beforeSave answers the client's save with the code's changes", async () => {
  const create = await beforeSave(`object.set('name', object.get('name').toUpperCase()); object.increment('count');`, {
    update: { name: 'tea', count: 1 },
  });
  assert.deepEqual(create.result, { update: { name: 'TEA', count: 2 }, context: {} });
  const update = await beforeSave(`object.unset('name'); object.addUnique('tags', 'b');`, {
    update: { count: { __op: 'Increment', amount: 3 } },
    original: stored,
  });
  const expected = { count: { __op: 'Increment', amount: 3 }, name: { __op: 'Delete' }, tags: { __op: 'AddUnique', objects: ['b'] } };
  assert.deepEqual(update.result.update, expected);
});

test('an object may get its id before it is saved', async () => {
  assert.deepEqual((await beforeSave(`object.id = 'mine';`, { update: { name: 'tea' } })).result.update, { name: 'tea', objectId: 'mine' });
  assert.deepEqual((await beforeSave('', { update: { name: 'tea', objectId: 'theirs' } })).result.update, {
    name: 'tea',
    objectId: 'theirs',
  });
});

test('beforeSave sees what is new, changed and stored', async () => {
  const seen = `console.log(JSON.stringify({ isNew: object.isNew(), existed: object.existed(), dirty: object.dirtyKeys(),
    name: object.get('name'),
    count: object.get('count'), op: object.op('count')?.constructor === Parse.Op.Increment, was: original?.get('name') ?? null,
      id: object.id ?? null }));`;
  const logged = async (request) => JSON.parse((await beforeSave(seen, request)).cloud.texts('info')[0]);
  assert.deepEqual(await logged({ update: { name: 'tea', count: { __op: 'Increment', amount: 1 } } }), {
    isNew: true,
    existed: false,
    dirty: ['name', 'count'],
    name: 'tea',
    count: 1,
    op: true,
    was: null,
    id: null,
  });
  assert.deepEqual(await logged({ update: { name: 'milk' }, original: stored }), {
    isNew: false,
    existed: true,
    dirty: ['name'],
    name: 'milk',
    count: 2,
    op: false,
    was: 'tea',
    id: 'o1',
  });
});

test('beforeSave reads dates, pointers and access lists as objects', async () => {
  const { cloud } = await beforeSave(
    `console.log([object.get('at') instanceof Date, object.get('product').id, object.getACL().getPublicReadAccess(),
      object.get('place').latitude].join());`,
    {
      update: {
        at: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
        product: { __type: 'Pointer', className: 'Product', objectId: 'p' },
        ACL: { '*': { read: true } },
        place: { __type: 'GeoPoint', latitude: 3, longitude: 4 },
      },
    },
  );
  assert.deepEqual(cloud.texts('info'), ['true,p,true,3']);
});

test("what beforeSave leaves alone comes back in the client's own encoding", async () => {
  const update = {
    at: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
    product: { __type: 'Pointer', className: 'Product', objectId: 'p' },
    ACL: { '*': { read: true }, u1: { write: true } },
    place: { __type: 'GeoPoint', latitude: 3, longitude: 4 },
    file: { __type: 'File', name: 'a', url: 'http://localhost/a' },
    nested: { list: [{ at: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' } }], empty: null },
    bytes: { __type: 'Bytes', base64: 'YQ==' },
    polygon: {
      __type: 'Polygon',
      coordinates: [
        [0, 0],
        [0, 1],
        [1, 1],
        [0, 0],
      ],
    },
    add: { __op: 'Add', objects: [{ __type: 'Pointer', className: 'Product', objectId: 'q' }] },
    gone: { __op: 'Delete' },
    related: { __op: 'AddRelation', objects: [{ __type: 'Pointer', className: 'Product', objectId: 'r' }] },
  };
  const { result } = await beforeSave('', { update, original: stored });
  assert.deepEqual(result.update, update);
});

test('names that no field can have reach the server, not the object', async () => {
  const update = JSON.parse('{"bad-name":1,"__proto__":{"admin":true},"_hidden":2,"createdAt":"x","name":"tea"}');
  const { result, cloud } = await beforeSave(`console.log(object.dirtyKeys().join(), object.get('admin') ?? 'none');`, { update });
  assert.deepEqual(cloud.texts('info'), ['name none']);
  assert.deepEqual(Object.keys(result.update).sort(), ['__proto__', '_hidden', 'bad-name', 'createdAt', 'name']);
});

test('keys with dots change a part of an object', async () => {
  const { result } = await beforeSave(`console.log(JSON.stringify(object.get('info')));`, { update: { 'info.x': 9 }, original: stored });
  assert.deepEqual(result.update.info, { x: 9, y: 2 });
});

test('beforeSave on users keeps passwords and refuses by throwing', async () => {
  const cloud = await startCloud(
    `Parse.Cloud.beforeSave(Parse.User, ({ object }) => { if (!object.get('email')) throw new Parse.Error(125, 'an address, please');
      });`,
  );
  const update = { username: 'ada', password: 'secret', email: 'a@b.c', authData: { anonymous: { id: 'x' } } };
  assert.deepEqual((await cloud.trigger('beforeSave', '_User', { update })).result.update, update);
  const { error } = await cloud.trigger('beforeSave', '_User', { update: { username: 'ada' } });
  assert.deepEqual([error.code, error.message], [125, 'an address, please']);
});

test('triggers that throw nothing in particular have their own text', async () => {
  const { error } = await beforeSave('return Promise.reject();', { update: {} });
  assert.deepEqual(error, { code: 141, message: 'Script failed. Unknown error.' });
});

test('a change of context is answered', async () => {
  const cloud = await startCloud(`Parse.Cloud.beforeSave('Order', ({ context }) => { context.seen = context.given + 1; });`);
  assert.deepEqual((await cloud.trigger('beforeSave', 'Order', { update: {}, context: { given: 1 } })).result.context, {
    given: 1,
    seen: 2,
  });
});

test("objects of one call do not show another call's changes", async () => {
  const cloud = await startCloud(`
    Parse.Cloud.beforeSave('Order', async ({ object }) => {
      object.set('mark', object.get('name'));
      await new Promise((resolve) => setTimeout(resolve, 2));
      return object;
    });`);
  const run = (name) => cloud.trigger('beforeSave', 'Order', { update: { name }, original: stored });
  const [first, second] = await Promise.all([run('one'), run('two')]);
  assert.deepEqual([first.result.update.mark, second.result.update.mark], ['one', 'two']);
});

async function afterSave(code, request = { object: stored }) {
  const cloud = await startCloud(`Parse.Cloud.afterSave('Order', async ({ object, original }) => { ${code} });`);
  return { ...(await cloud.trigger('afterSave', 'Order', request)), cloud };
}

test('afterSave answers what it changed', async () => {
  assert.deepEqual((await afterSave('')).result, { object: {}, context: {} });
  assert.deepEqual((await afterSave(`object.set('note', 'x'); object.unset('name'); object.increment('count');`)).result.object, {
    note: 'x',
    name: { __op: 'Delete' },
    count: 3,
  });
  assert.deepEqual((await afterSave(`return { any: 'thing' };`)).result.response, { any: 'thing' });
  const existed = `console.log(object.existed(), Boolean(original));`;
  assert.deepEqual((await afterSave(existed)).cloud.texts('info'), ['false false']);
  assert.deepEqual((await afterSave(existed, { object: stored, original: stored })).cloud.texts('info'), ['true true']);
});

async function beforeFind(code, query = { where: { name: 'tea' }, limit: 10 }, extra = {}) {
  const cloud = await startCloud(`Parse.Cloud.beforeFind('Order', async (request) => { const { query } = request; ${code} });`);
  return { ...(await cloud.trigger('beforeFind', 'Order', { query, ...extra })), cloud };
}

test('beforeFind changes or replaces the query', async () => {
  assert.deepEqual((await beforeFind('')).result, { context: {} });
  assert.deepEqual(
    (await beforeFind(`query.equalTo('open', true).limit(5).skip(2).ascending('name').include('product').select('name');`)).result.query,
    {
      where: { name: 'tea', open: true },
      limit: 5,
      skip: 2,
      order: 'name',
      include: 'product',
      keys: 'name',
    },
  );
  const replaced = await beforeFind(`const other = new Parse.Query('Order'); other.greaterThan('at', new Date(0)); return other;`);
  assert.deepEqual(replaced.result.query, { where: { at: { $gt: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' } } }, limit: 10 });
  assert.deepEqual((await beforeFind(`query.equalTo('a', 1);`, { where: {}, limit: 0 })).result.query, { where: { a: 1 }, limit: 0 });
  assert.equal((await beforeFind(`request.readPreference = 'SECONDARY';`)).result.query.readPreference, 'SECONDARY');
});

test('beforeFind may answer with objects and sees how it was asked', async () => {
  const object = `Parse.Object.fromJSON({ className: 'Order', objectId: 'x', name: 'made' })`;
  const expected = [{ className: 'Order', objectId: 'x', name: 'made' }];
  assert.deepEqual((await beforeFind(`return [${object}];`)).result.objects, expected);
  assert.deepEqual((await beforeFind(`return ${object};`)).result.objects, expected);
  const asked = await beforeFind(
    `console.log(request.count, request.isGet, JSON.stringify(query.toJSON()));`,
    { where: {}, keys: ['a', 'b'] },
    { count: true, isGet: true },
  );
  assert.deepEqual(asked.cloud.texts('info'), ['true true {"where":{},"keys":"a,b"}']);
});

async function afterFind(code, objects = [stored]) {
  const cloud = await startCloud(`Parse.Cloud.afterFind('Order', async (request) => { const { objects } = request; ${code} });`);
  return { ...(await cloud.trigger('afterFind', 'Order', { objects, query: { where: {} } })), cloud };
}

test('afterFind changes or replaces the objects', async () => {
  assert.deepEqual((await afterFind('')).result.objects, [stored]);
  assert.deepEqual(
    (await afterFind(`objects[0].set('name', 'x'); objects[0].set('at', new Date(0)); objects[0].unset('count');`)).result.objects,
    [
      {
        objectId: 'o1',
        className: 'Order',
        name: 'x',
        at: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' },
        tags: ['a'],
        info: { x: 1, y: 2 },
        createdAt: stored.createdAt,
        updatedAt: stored.updatedAt,
      },
    ],
  );
  assert.deepEqual((await afterFind('return [];')).result.objects, []);
  assert.deepEqual((await afterFind('return [{ plain: 1 }];')).result.objects, [{ plain: 1 }]);
  assert.equal((await afterFind('return 5;')).error.code, 141);
});

test('afterFind keeps what it does not touch', async () => {
  const row = {
    ...stored,
    at: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
    product: { __type: 'Object', className: 'Product', objectId: 'p', price: 5, createdAt: stored.createdAt, updatedAt: stored.updatedAt },
    ACL: { '*': { read: true } },
    place: { __type: 'GeoPoint', latitude: 3, longitude: 4 },
    related: { __type: 'Relation', className: 'Product' },
    bytes: { __type: 'Bytes', base64: 'YQ==' },
    nothing: null,
    file: { __type: 'File', name: 'a', url: 'http://localhost/a' },
  };
  assert.deepEqual((await afterFind('', [row])).result.objects, [row]);
});

test('triggers on files change, replace and refuse them', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.beforeSave(Parse.File, async ({ file, fileSize }) => {
      if (fileSize > 10) throw 'too big';
      if (file.name() === 'other.txt') return new Parse.File('mine.txt', { base64: 'Yg==' }, 'text/plain');
      if (file.name() === 'saved.txt') { const saved = Parse.File.fromJSON({ __type: 'File', name: 's', url: 'http://localhost/s' });
        return saved; }
      if (file.name() === 'empty.txt') return Promise.reject();
      file.addMetadata('checked', 'yes');
      file.addTag('kind', 'note');
      console.log(await file.getData());
    });
    Parse.Cloud.afterFind(Parse.File, (request) => { request.forceDownload = true; request.responseHeaders['X-A'] = 'b'; });
    Parse.Cloud.beforeDelete(Parse.File, ({ file }) => { throw new Parse.Error(1, 'keep ' + file.name()); });`);
  const file = { name: 'a.txt', data: 'YQ==', contentType: 'text/plain' };
  const save = (changes, extra) => cloud.trigger('beforeSave', '@File', { file: { ...file, ...changes }, fileSize: 1, ...extra });
  assert.deepEqual((await save()).result.file, {
    name: 'a.txt',
    data: 'YQ==',
    contentType: 'text/plain',
    metadata: { checked: 'yes' },
    tags: { kind: 'note' },
  });
  assert.deepEqual(cloud.texts('info'), ['YQ==']);
  assert.deepEqual((await save({ name: 'other.txt' })).result.file, {
    name: 'mine.txt',
    data: 'Yg==',
    contentType: 'text/plain',
    metadata: {},
    tags: {},
  });
  assert.equal((await save({ name: 'saved.txt' })).result.file.url, 'http://localhost/s');
  assert.deepEqual((await save({}, { fileSize: 11 })).error, { code: 130, message: 'too big' });
  assert.deepEqual((await save({ name: 'empty.txt' })).error, { code: 130, message: 'Could not store file: empty.txt.' });
  const found = await cloud.trigger('afterFind', '@File', { file, responseHeaders: { 'X-Content-Type-Options': 'nosniff' } });
  assert.deepEqual([found.result.forceDownload, found.result.responseHeaders], [true, { 'X-Content-Type-Options': 'nosniff', 'X-A': 'b' }]);
  assert.equal(
    (await cloud.trigger('beforeDelete', '@File', { file: { name: 'a.txt', url: 'http://localhost/a.txt' } })).error.message,
    'keep a.txt',
  );
});

test('triggers on the config read and change it', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.beforeSave(Parse.Config, ({ object, original }) => {
      if (object.get('limit') < 0) throw 'negative';
      console.log(original?.get('limit'));
      if (object.get('fix')) { const config = new Parse.Config(); config.attributes = { limit: 1, at: new Date(0) }; return config; }
    });`);
  const save = (params, original) =>
    cloud.trigger('beforeSave', '@Config', { object: { params }, ...(original ? { original: { params: original } } : {}) });
  assert.deepEqual((await save({ limit: 2 }, { limit: 1 })).result, { context: {} });
  assert.deepEqual(cloud.texts('info'), ['1']);
  assert.deepEqual((await save({ fix: true })).result.object, {
    params: { limit: 1, at: { __type: 'Date', iso: '1970-01-01T00:00:00.000Z' } },
  });
  assert.equal((await save({ limit: -1 })).error.message, 'negative');
});

test('triggers of users and sessions take one argument or a class and a handler', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.beforeLogin(({ object }) => { if (object.get('banned')) throw new Error('banned'); });
    Parse.Cloud.afterLogin(Parse.User, ({ object }) => console.log('in', object.get('username')));
    Parse.Cloud.afterLogout(({ object }) => console.log('out', object.className));
    Parse.Cloud.beforePasswordResetRequest(({ object }) => console.log('reset', object.get('email')));`);
  assert.deepEqual(
    cloud.registered.map(({ name, className }) => [name, className]),
    [
      ['beforeLogin', '_User'],
      ['afterLogin', '_User'],
      ['afterLogout', '_Session'],
      ['beforePasswordResetRequest', '_User'],
    ],
  );
  assert.equal((await cloud.trigger('beforeLogin', '_User', { object: { objectId: 'u', banned: true } })).error.message, 'banned');
  await cloud.trigger('afterLogin', '_User', { object: { objectId: 'u', username: 'ada' } });
  await cloud.trigger('afterLogout', '_Session', { object: { objectId: 's' } });
  await cloud.trigger('beforePasswordResetRequest', '_User', { object: { objectId: 'u', email: 'a@b.c' } });
  assert.deepEqual(cloud.texts('info'), ['in ada', 'out _Session', 'reset a@b.c']);
});

test('a trigger in the old form is warned of, and says what is missing when it runs', async () => {
  const cloud = await startCloud(`
    Parse.Cloud.beforeSave('Old', (request, response) => { response.success(); });
    Parse.Cloud.beforeSave('New', (request) => { request.object.set('a', 1); });`);
  assert.deepEqual(cloud.texts('warn'), [
    "Parse.Cloud.beforeSave('Old') takes (request, response), but triggers get no response: they end when they return, and throw to refuse.",
  ]);
  const { error } = await cloud.trigger('beforeSave', 'Old', { update: {} });
  assert.equal(error.code, 141);
  assert.match(error.message, /success/);
});

test('afterLogout has the session and no context', async () => {
  const cloud = await startCloud(`Parse.Cloud.afterLogout((request) => { console.log(Object.keys(request).sort().join(), request.object.className); });`);
  const object = { objectId: 's1', sessionToken: 'r:1' };
  assert.deepEqual((await cloud.trigger('afterLogout', '_Session', { object, context: { a: 1 } })).result, {});
  assert.deepEqual(cloud.texts('info'), ['config,headers,ip,isReadOnly,log,master,object,triggerName _Session']);
});

test('Parse.Server is read as a copy, and changed by setting it', async () => {
  const cloud = await startCloud(`
    Parse.Server.lost = 1;
    Parse.Server = Object.assign(Parse.Server, { kept: 2, appId: 'other' });
    Parse.Cloud.define('read', ({ config }) => [Parse.Server.lost ?? null, Parse.Server.kept, Parse.Server.appId, config.kept]);`);
  assert.deepEqual(await cloud.result('read'), [null, 2, 'app', 2]);
});
