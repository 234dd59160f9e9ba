// Test controls: who may use them, and that a reset brings back all there was.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import path from 'node:path';
import { assertError, assertOk, assertStatus, assertUnauthorized, createdId } from '../support/assert.mjs';
import { folderOf } from '../support/files.mjs';
import { ownServerOnly as skip, repositoryFolder, startOwnServer } from '../support/server.mjs';
import { controlsOf } from '../support/test_controls.mjs';

const kRoutes = [
  ['POST', 'reset'],
  ['POST', 'snapshot'],
  ['GET', 'snapshot'],
  ['DELETE', 'snapshot'],
  ['DELETE', 'snapshot/x'],
  ['POST', 'restore'],
  ['GET', 'clock'],
  ['POST', 'clock'],
  ['POST', 'seed'],
  ['GET', 'mails'],
  ['DELETE', 'mails'],
  ['GET', 'pushes'],
  ['DELETE', 'pushes'],
];
const master = { master: true };

async function withServer(options, run) {
  const server = await startOwnServer(options);
  try {
    return await run(server);
  } finally {
    await server.stop();
  }
}

describe('without the options', { skip }, () => {
  test('the routes are unknown, whatever the key', async () => {
    await withServer({}, async ({ api }) => {
      const unknown = await api.request('POST', '/_tost/reset', {}, master);
      assertStatus(unknown, 404);
      for (const [method, route] of kRoutes) {
        for (const options of [master, {}]) {
          const answer = await api.request(method, `/_test/${route}`, method === 'POST' ? {} : undefined, options);
          assertStatus(answer, 404);
          assert.equal(answer.json.error, `Cannot ${method} /parse/_test/${route}`);
        }
      }
    });
  });

  test('--test-controls false takes them from an ephemeral server', async () => {
    await withServer({ ephemeral: true, args: ['--test-controls', 'false'] }, async ({ api }) => {
      assertStatus(await controlsOf(api).reset(), 404);
    });
  });
});

describe('keys', { skip }, () => {
  let server;
  const args = ['--maintenanceKey', 'maintenance', '--readOnlyMasterKey', 'readonly'];
  before(async () => (server = await startOwnServer({ ephemeral: true, args })));
  after(() => server.stop());

  test('nobody but the master key may use the routes', async () => {
    for (const [method, route] of kRoutes) {
      const body = method === 'POST' ? {} : undefined;
      const call = (options) => server.api.request(method, `/_test/${route}`, body, options);
      assertStatus(await call({}), 403);
      for (const key of ['X-Parse-Maintenance-Key', 'X-Parse-Master-Key']) {
        const value = key === 'X-Parse-Maintenance-Key' ? 'maintenance' : 'wrong';
        assertStatus(await call({ headers: { [key]: value } }), 403);
      }
      const readOnly = await call({ headers: { 'X-Parse-Master-Key': 'readonly' } });
      assert.ok([400, 403].includes(readOnly.status), readOnly.text);
      assertUnauthorized(await call({ anonymous: true }));
    }
  });

  test('a batch does not reach them', async () => {
    const requests = [{ method: 'POST', path: '/parse/_test/reset', body: {} }];
    assertError(await server.api.request('POST', '/batch', { requests }, master), 400, 107, /cannot route/);
  });
});

// All that there is to see of a server: classes, rows of every class as the master key sees them, config.
async function everything(api) {
  const schemas = assertOk(await api.schema('GET')).results;
  const rows = {};
  for (const { className } of schemas) {
    rows[className] = assertOk(await api.find(className, { limit: 1000 }, master)).results;
  }
  const config = assertOk(await api.request('GET', '/config', undefined, master));
  return { schemas, rows, config };
}

async function upload(api, name, content) {
  const options = { ...master, headers: { 'Content-Type': 'text/plain' } };
  return assertStatus(await api.request('POST', `/files/${name}`, content, options), 201);
}

const fileStatus = async (api, name) => (await api.request('GET', `/files/app/${name}`)).status;

describe('reset', { skip }, () => {
  let server, api, controls, atStart;
  before(async () => {
    server = await startOwnServer({
      ephemeral: true,
      schema: path.join(repositoryFolder, 'schema/shop.json'),
      fixtures: path.join(repositoryFolder, 'fixtures'),
    });
    api = server.api;
    controls = controlsOf(api);
    atStart = await everything(api);
    assert.ok(atStart.rows.Product.length > 5);
  });
  after(() => server.stop());
  beforeEach(async () => assert.deepEqual(assertOk(await controls.reset()), {}));

  const assertAsAtStart = async () => assert.deepEqual(await everything(api), atStart);

  test('brings back rows that were changed, deleted and added', async () => {
    const [first, second] = atStart.rows.Product;
    assertOk(await api.update('Product', first.objectId, { name: 'other' }, master));
    assertOk(await api.remove('Product', second.objectId, master));
    createdId(await api.create('Product', { name: 'third' }, master));
    assert.notDeepEqual(await everything(api), atStart);
    assertOk(await controls.reset());
    await assertAsAtStart();
  });

  test('brings back classes, fields, indexes and permissions', async () => {
    createdId(await api.create('Fresh', { n: 1 }));
    assertOk(await api.schema('PUT', 'Product', { fields: { name: { __op: 'Delete' }, extra: { type: 'Number' } } }));
    assertOk(await api.schema('PUT', 'Order', { classLevelPermissions: { find: {} }, indexes: { byNumber: { createdAt: 1 } } }));
    assertOk(await controls.reset());
    await assertAsAtStart();
    createdId(await api.create('Fresh', { n: 'now a text' }));
  });

  test('takes webhooks away', async () => {
    const hook = { functionName: 'hooked', url: 'http://127.0.0.1:1/' };
    assertOk(await api.request('POST', '/hooks/functions', hook, master));
    assertError(await api.request('POST', '/functions/hooked', {}), 400, 141, 'The webhook cannot be reached.');
    assertOk(await controls.reset());
    assertError(await api.request('POST', '/functions/hooked', {}), 400, 141, 'Invalid function: "hooked"');
    assert.deepEqual(assertOk(await api.request('GET', '/hooks/functions', undefined, master)), []);
  });

  test('brings back rows of relations', async () => {
    const category = atStart.rows.ProductCategory[0].objectId;
    const pointer = { __type: 'Pointer', className: 'ProductCategory', objectId: category };
    const where = { categories: pointer };
    const before = assertOk(await api.find('Product', { where }, master)).results;
    for (const { objectId } of atStart.rows.Product) {
      assertOk(await api.update('Product', objectId, { categories: { __op: 'AddRelation', objects: [pointer] } }, master));
    }
    assert.equal(assertOk(await api.find('Product', { where }, master)).results.length, atStart.rows.Product.length);
    assertOk(await controls.reset());
    assert.deepEqual(assertOk(await api.find('Product', { where }, master)).results, before);
  });

  test('ends sessions and takes users and roles away', async () => {
    const user = assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'secret' }), 201);
    const signedIn = { headers: { 'X-Parse-Session-Token': user.sessionToken } };
    assertOk(await api.request('GET', '/users/me', undefined, signedIn));
    createdId(await api.request('POST', '/roles', { name: 'admins', ACL: { '*': { read: true } } }, master));
    assertOk(await controls.reset());
    assertError(await api.request('GET', '/users/me', undefined, signedIn), 400, 209);
    await assertAsAtStart();
    assertStatus(await api.request('POST', '/users', { username: 'ann', password: 'other' }), 201);
  });

  test('brings back the config', async () => {
    assertOk(await api.request('PUT', '/config', { params: { color: 'red' } }, master));
    assertOk(await controls.reset());
    await assertAsAtStart();
  });

  test('takes uploaded files away', async () => {
    const { name } = await upload(api, 'note.txt', 'hello');
    assert.equal(await fileStatus(api, name), 200);
    assertOk(await controls.reset());
    assert.equal(await fileStatus(api, name), 404);
  });

  test('may be asked for twice, and with a body', async () => {
    assertOk(await controls.call('POST', 'reset', { any: 'thing' }));
    assertOk(await controls.reset());
    await assertAsAtStart();
  });

  test('rows are made in the same order as the first time', async () => {
    const round = async () => {
      for (const n of [3, 1, 2]) createdId(await api.create('Ordered', { n }));
      return assertOk(await api.find('Ordered')).results.map(({ n }) => n);
    };
    const first = await round();
    assertOk(await controls.reset());
    assert.deepEqual(await round(), first);
    assert.deepEqual(first, [3, 1, 2]);
  });
});

describe('reset of what counts requests', { skip }, () => {
  test('rate limits begin anew', async () => {
    const rateLimit = [{ requestPath: '/classes/*path', requestCount: 2, requestTimeWindow: 600_000, includeInternalRequests: true }];
    await withServer({ ephemeral: true, args: ['--rateLimit', JSON.stringify(rateLimit)] }, async ({ api }) => {
      const statuses = async () => {
        const seen = [];
        for (let i = 0; i < 3; ++i) seen.push((await api.find('A')).status);
        return seen;
      };
      const expected = await statuses();
      assert.equal(expected[2], 429);
      assertOk(await controlsOf(api).reset());
      assert.deepEqual(await statuses(), expected);
      assertOk(await controlsOf(api).clock({ advanceMs: 600_001 }));
      assert.deepEqual(await statuses(), expected);
    });
  });

  test('request ids are new again', async () => {
    const idempotency = { paths: ['.*'], ttl: 300 };
    await withServer({ ephemeral: true, args: ['--idempotencyOptions', JSON.stringify(idempotency)] }, async ({ api }) => {
      const create = () => api.create('A', { n: 1 }, { headers: { 'X-Parse-Request-Id': 'one' } });
      createdId(await create());
      assertError(await create(), 400, 159);
      assertOk(await controlsOf(api).reset());
      createdId(await create());
      assertError(await create(), 400, 159);
      assertOk(await controlsOf(api).clock({ advanceMs: 301_000 }));
      createdId(await create());
    });
  });
});

describe('--test-controls on a database that stays', { skip }, () => {
  test('resets to what was there at the start, and that outlives the server', async () => {
    const fixtures = folderOf({ 'A.json': [{ objectId: 'aaaaaaaaaa', n: 1 }] });
    const first = await startOwnServer({ args: ['--test-controls', 'true'], fixtures });
    createdId(await first.api.create('A', { n: 2 }, master));
    const { name } = await upload(first.api, 'kept.txt', 'hello');
    assert.match(first.stderr(), /test controls are on/);
    assert.equal((await first.stop()).code, 0);

    const options = { args: ['--test-controls', 'true'], fixtures, dataDir: first.dataDir };
    await withServer(options, async ({ api }) => {
      createdId(await api.create('A', { n: 3 }, master));
      assertOk(await api.request('DELETE', `/files/${name}`, undefined, master));
      assert.equal(await fileStatus(api, name), 404);
      assertOk(await controlsOf(api).reset());
      assert.deepEqual(assertOk(await api.find('A', { order: 'n' }, master)).results.map(({ n }) => n), [1, 2]);
      assert.equal((await api.request('GET', `/files/app/${name}`)).text, 'hello');
    });
    await withServer({ dataDir: first.dataDir }, async ({ api }) => {
      assert.deepEqual(assertOk(await api.find('A', { order: 'n' }, master)).results.map(({ n }) => n), [1, 2]);
      assert.equal(await fileStatus(api, name), 200);
    });
  });

  test('a database in memory has them, too', async () => {
    const args = ['--databaseURI', ':memory:', '--test-controls', 'true'];
    await withServer({ args }, async ({ api }) => {
      createdId(await api.create('A', {}));
      assertOk(await controlsOf(api).reset());
      assert.deepEqual(assertOk(await api.find('A')).results, []);
    });
  });
});
