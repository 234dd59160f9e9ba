// Attacks that Parse Server's published advisories describe, sent to the routes that exist here. Each test names its advisory.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertUnauthorized, createdId, ownFields } from '../support/assert.mjs';
import { isParseServer, oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const C = uniqueName('Attacked');
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const kRow = { name: 'original', data: { x: 1, key: 'k' }, stats: { counter: 1, other: 'o' } };
const id = createdId(await api.create(C, kRow));
const assertUnchanged = async () => assert.deepEqual(ownFields(assertOk(await api.get(C, id))), kRow);

// No answer shows how the data are stored; what the client itself sent may come back in it.
function assertNoDatabaseWords(response) {
  assert.doesNotMatch(response.text, /sqlite|syntax error|no such (table|column)|near "|SELECT _|FROM "|_rperm|_wperm|_seq/i);
}

describe('SQL in values and names', () => {
  const patterns = ["A'B';SELECT 1;--", "\\Qa'\\E' OR 1=1--", "\\Qa\\'b", "x' OR '1'='1", '\\Qno end', "%' OR 1=1 --"];
  for (const $regex of patterns) {
    test(`$regex ${$regex} (GHSA-6927-3vr9-fxf2, GHSA-c2hr-cqg6-8j6r)`, { skip: oursOnly }, async () => {
      const response = await api.find(C, { where: { name: { $regex } } });
      if (response.status === 200) assert.deepEqual(response.json.results, []);
      else assertError(response, 400, 102);
      assertNoDatabaseWords(response);
    });
  }

  for (const order of [
    `data.x' ASC; UPDATE "${C}" SET name='hacked' WHERE true--`,
    `data.x' ASC; UPDATE "${C}" SET name=$$hacked$$ --`,
    "data.x\\' ASC",
    'data.x"',
    'data.x)',
  ]) {
    test(`order ${order} (GHSA-qpr4-jrj4-6f27)`, async () => {
      const response = await api.find(C, { order });
      assertNoServerError(response);
      assertNoDatabaseWords(response);
      await assertUnchanged();
    });
  }

  test('order by ordinary dotted names', async () => {
    assert.equal(assertOk(await api.find(C, { order: 'data.key' })).results.length, 1);
  });

  for (const amount of ['0+(SELECT 1)', '1', null, {}, []]) {
    test(`Increment of a dotted key by ${JSON.stringify(amount)} (GHSA-q3vj-96h2-gwvg)`, { skip: oursOnly }, async () => {
      assertError(await api.update(C, id, { 'stats.counter': { __op: 'Increment', amount } }), 400, 107);
      await assertUnchanged();
    });
  }

  for (const key of [
    "stats.x' || (SELECT 1) || '",
    'stats.x" || (1) || "',
    'stats.x":0,"evil(3)',
    'stats.x\\',
    'stats.x\u0001',
    'stats.$[0]',
    'stats.#-1',
  ]) {
    test(`Increment of ${JSON.stringify(key)} (GHSA-gqpp-xgvh-9h7h)`, { skip: oursOnly }, async () => {
      const other = createdId(await api.create(C, kRow));
      const response = await api.update(C, other, { [key]: { __op: 'Increment', amount: 1 } });
      assertNoServerError(response);
      assertNoDatabaseWords(response);
      const { stats } = assertOk(await api.get(C, other));
      const expected = response.status === 200 ? { ...kRow.stats, [key.slice('stats.'.length)]: 1 } : kRow.stats;
      assert.deepEqual(stats, expected);
      assertOk(await api.remove(C, other));
    });
  }

  for (const name of [
    'name" OR 1=1 --',
    "name' OR 1=1",
    'name;',
    'name(',
    'na me',
    'name"',
    'name`',
    'name]',
    'name/*',
    'name\0',
    'name\n',
  ]) {
    for (const options of [{}, master]) {
      test(`where on ${JSON.stringify(name)}${options.master ? ' by the master key' : ''} (GHSA-c442-97qw-j6c6)`, async () => {
        for (const constraint of [{ $regex: 'x' }, { $exists: true }, 'x', { $in: ['x'] }]) {
          assertError(await api.find(C, { where: { [name]: constraint } }, options), 400, 105);
          assertError(await api.find(C, { where: { $or: [{ [name]: constraint }] } }, options), 400, 105);
        }
      });
    }
  }

  test('fields that are not there are no constants', async () => {
    for (const parameters of [
      { order: 'nosuch' },
      { order: '-nosuch,name' },
      { keys: 'nosuch' },
      { include: 'nosuch' },
      { excludeKeys: 'nosuch' },
    ]) {
      assertOk(await api.find(C, parameters));
    }
    assert.deepEqual(assertOk(await api.find(C, { where: { nosuch: 'nosuch' } })).results, []);
    if (!isParseServer) assert.deepEqual(assertOk(await api.find(C, { where: { nosuch: { $gt: '' } } })).results, []);
  });

  test('names in keys, include and excludeKeys reach no SQL', async () => {
    for (const name of ['a" FROM x --', "a'b", '*)', '`', '_rperm', '_seq', 'rowid']) {
      for (const parameter of ['keys', 'include', 'excludeKeys', 'order']) {
        const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', [parameter]: name });
        if (oursOnly && response.status === 500) continue;
        assertNoServerError(response);
        if (!name.startsWith('_')) assertNoDatabaseWords(response);
      }
    }
    await assertUnchanged();
  });
});

describe('internal fields and classes', () => {
  for (const name of [
    '_hashed_password',
    '_perishable_token',
    '_email_verify_token',
    '_session_token',
    '_tombstone',
    '_failed_login_count',
  ]) {
    test(`where on ${name} (GHSA-2m6g-crv8-p3c6)`, async () => {
      for (const where of [{ [name]: { $regex: '^\\$2' } }, { $or: [{ [name]: 'x' }] }, { $and: [{ $or: [{ [name]: 'x' }] }] }]) {
        assertError(await api.find('_User', { where }), 400, 105);
      }
    });
  }

  test('_rperm and _wperm are neither answered nor written', async () => {
    const guarded = createdId(await api.create(C, { name: 'g', ACL: { '*': { read: true } } }, master));
    const response = await api.get(C, guarded);
    assert.ok(!/_rperm|_wperm/.test(response.text), response.text);
    for (const name of ['_rperm', '_wperm', '_acl']) {
      assertError(await api.update(C, guarded, { [name]: ['*'] }), 400, 105);
      assertError(await api.create(C, { [name]: ['*'] }), 400, 105);
    }
    assertError(await api.update(C, guarded, { name: 'changed' }), 404, 101);
    assertOk(await api.remove(C, guarded, master));
  });

  test('include does not open internal classes (GHSA-fcv6-fg5r-jm9q)', async () => {
    const D = uniqueName('Includer');
    for (const className of ['_PushStatus', '_JobStatus', '_Hooks', '_GlobalConfig', '_Session']) {
      const made = await api.create(D, { [className.slice(1).toLowerCase()]: pointer(className, 'aaaaaaaaaa') });
      assertNoServerError(made);
      assertNoServerError(await api.find(D, { include: className.slice(1).toLowerCase() }));
    }
  });

  test('join tables are closed for every verb (GHSA-5f92-jrq3-28rc)', async () => {
    for (const className of ['_Join:users:_Role', '_Join:rel:Any', '_GraphQLConfig', '_Audience']) {
      for (const response of [
        await api.create(className, { relatedId: 'a', owningId: 'b' }),
        await api.find(className),
        await api.get(className, 'aaaaaaaaaa'),
        await api.update(className, 'aaaaaaaaaa', { relatedId: 'b' }),
        await api.remove(className, 'aaaaaaaaaa'),
      ]) {
        assertError(response, 400, 119, 'Permission denied');
      }
      const requests = [{ method: 'POST', path: `/parse/classes/${className}`, body: { relatedId: 'a', owningId: 'b' } }];
      assert.equal(assertOk(await api.request('POST', '/batch', { requests }))[0].error.code, 119);
    }
  });

  test('a refused write to an internal class leaves later writes working (GHSA-2479-qvv7-47qq)', async () => {
    for (const className of ['_Audience', '_PushStatus', '_JobStatus', '_Hooks', '_GlobalConfig', '_JobSchedule', '_Idempotency']) {
      assertError(await api.create(className, { a: 1 }), 400, 119);
    }
    createdId(await api.create(uniqueName('Later'), { a: 1 }));
  });

  test('join tables are no classes for the master key either', { skip: oursOnly }, async () => {
    assertNoServerError(await api.create('_Join:rel:Any', { a: 1 }, master));
    assertOk(await api.schema('GET'));
    assert.ok(!assertOk(await api.schema('GET')).results.some((entry) => entry.className.startsWith('_Join')));
  });
});

describe('operators that are no constraints', () => {
  for (const where of [
    { $where: 'sleep(9)' },
    { name: { $where: '1' } },
    { $expr: { $eq: [1, 1] } },
    { $or: [{ $where: '1' }] },
    { name: { $function: {} } },
  ]) {
    test(JSON.stringify(where), { skip: oursOnly }, async () => assertError(await api.find(C, { where }), 400, [102, 105, 107]));
  }

  test('explain needs the master key (GHSA-7cx5-254x-cgrq, GHSA-xqp8-w826-hh6x)', { skip: oursOnly }, async () => {
    for (const explain of [true, 'queryPlanner', 'executionStats', 'foo', [], { a: 1 }]) {
      const response = await api.find(C, { explain });
      assertNoServerError(response);
      assert.notEqual(response.status, 200, JSON.stringify(explain));
    }
  });

  test('a broken pattern tells nothing of the database (GHSA-9cp7-3q5w-j92g)', { skip: oursOnly }, async () => {
    const response = await api.find(C, { where: { name: { $regex: '[abc' } } });
    assertError(response, 400, 102);
    assertNoDatabaseWords(response);
  });
});

describe('denied keywords', () => {
  const bodies = [
    { obj: { constructor: { prototype: { dummy: 0 } } } },
    { obj: { _bsontype: 'Code', code: 'x' } },
    { obj: { metadata: {}, _bsontype: 'Code', code: 'x' } },
    { obj: { tags: ['safe'], _bsontype: 'Code' } },
    { obj: { list: [{ deep: [{ _bsontype: 'Code' }] }] } },
    { first: { a: 1 }, second: { b: 1 }, third: { _bsontype: 'Code' } },
  ];
  for (const body of bodies) {
    test(`${JSON.stringify(body)} (GHSA-p6h4-93qp-jhcm, GHSA-q342-9w2p-57fp)`, async () => {
      assertError(await api.create(C, body), 400, 105, /^Prohibited keyword in request data: \{"key":/);
      assertError(await api.update(C, id, body), 400, 105);
    });
  }

  test('__proto__ in the body (GHSA-9ccr-fpp6-78qf)', async () => {
    for (const text of [
      '{"name":"t","__proto__":{"newField":"x"}}',
      '{"profile":{"a":1},"__proto__":{"isAdmin":true}}',
      '{"obj":{"__proto__":{"a":1}}}',
    ]) {
      assertError(await api.create(C, text), 400, 105);
    }
    const { fields } = assertOk(await api.schema('GET', C));
    for (const name of ['newField', 'isAdmin', '__proto__']) assert.equal(Object.hasOwn(fields, name), false, name);
  });

  test('other keys are not denied', async () => {
    const D = uniqueName('Allowed');
    const obj = { Constructor: 1, construct: { a: 1 }, proto: 2, bsontype: 'Code', _bsontype: 'Other' };
    assert.deepEqual(assertOk(await api.get(D, createdId(await api.create(D, { obj })))).obj, obj);
  });

  test('application ids that are members of every object (GHSA-3v4q-4q9g-x83q)', async () => {
    for (const app of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__']) {
      assertUnauthorized(await api.request('GET', `/classes/${C}`, undefined, { headers: { 'X-Parse-Application-Id': app } }));
    }
  });
});

describe('size and depth', () => {
  for (const depth of [50, 5_000, 100_000]) {
    test(`where with ${depth} nested $or (GHSA-9xp9-j92r-p88v, GHSA-9fjp-q3c4-6w3j)`, { skip: oursOnly }, async () => {
      const where = '{"$or":['.repeat(depth) + '{"name":"original"}' + ']}'.repeat(depth);
      const response = await api.request('POST', `/classes/${C}`, `{"_method":"GET","where":${where}}`);
      assertNoServerError(response);
      if (depth > 50) assert.equal(response.status, 400);
    });
  }

  test('a client version of 1 MB (GHSA-38m6-82c8-4xfm)', async () => {
    for (const fill of ['1', '.', 'a', '1.']) {
      const body = { _ApplicationId: 'app', _JavaScriptKey: 'js', _method: 'GET', _ClientVersion: fill.repeat(1_000_000 / fill.length) };
      assertOk(await api.request('POST', `/classes/${C}`, body, { anonymous: true }));
    }
  });

  test('50,000 values in $in', { skip: oursOnly }, async () => {
    const values = Array.from({ length: 50_000 }, (_, n) => `v${n}`);
    const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', where: { name: { $in: [...values, 'original'] } } });
    assertNoServerError(response);
    if (response.status === 200) assert.ok(response.json.results.some((row) => row.objectId === id));
  });

  test('a batch of 10,000 in which nothing is valid', async () => {
    const requests = Array.from({ length: 10_000 }, () => ({ method: 'GET', path: `/parse/classes/${C}/doesNotEx1` }));
    const body = assertOk(await api.request('POST', '/batch', { requests }));
    assert.ok(body.every((item) => item.error.code === 101));
  });

  test('patterns that backtrack', { skip: oursOnly }, async () => {
    const D = uniqueName('Backtracked');
    createdId(await api.create(D, { name: 'a'.repeat(5_000) + '!' }));
    for (const $regex of ['(a+)+$', '(a|a)*$', '(a{1,1000}){1,1000}b', '(?R)?a', '(a*)*b', '(.*)*\\1b', '(?<=a+)b']) {
      const start = performance.now();
      assertNoServerError(await api.find(D, { where: { name: { $regex } } }));
      assert.ok(performance.now() - start < 5_000, `${$regex} took ${performance.now() - start} ms`);
    }
  });
});

describe('master key', () => {
  test('an address in a header is not believed (GHSA-vm5r-c87r-pf6x)', async () => {
    for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP']) {
      assertOk(await api.request('GET', '/schemas', undefined, { ...master, headers: { [name]: '203.0.113.9' } }));
    }
  });

  test('application id in the header and another in the body', async () => {
    const body = { _ApplicationId: 'app', _MasterKey: 'master', _method: 'GET' };
    const response = await api.request('POST', '/schemas', body);
    assert.ok(response.status >= 400 && response.status < 500, response.text);
  });
});
