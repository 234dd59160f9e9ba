// Internal classes and fields, and objects that others guard: no detour reads or writes them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, uniqueName } from '../support/server.mjs';
import { attackedServer, master, pointer } from './attacked.mjs';

const { api, C } = await attackedServer();

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

describe('what another object or class guards', () => {
  const G = uniqueName('Guarded');
  const M = uniqueName('Member');
  let member;
  let group;
  before(async () => {
    member = createdId(await api.create(M, { name: 'm' }));
    const members = { __op: 'AddRelation', objects: [pointer(M, member)] };
    group = createdId(await api.create(G, { members, ACL: {} }, master));
  });
  const related = (more = {}) => ({ $relatedTo: { object: pointer(G, group), key: 'members' }, ...more });

  test('$relatedTo of an object that the client may not read (GHSA-wmwx-jr2p-4j4r)', async () => {
    for (const where of [related(), related({ objectId: member }), { $or: [related(), { name: 'none' }] }]) {
      const response = await api.find(M, { where });
      assertNoServerError(response);
      assert.deepEqual(response.json.results ?? [], [], JSON.stringify(where));
    }
    assert.equal(assertOk(await api.find(M, { where: related() }, master)).results.length, 1);
  });

  test('counting them (GHSA-rmhf-xv62-rm99)', async () => {
    const response = await api.find(M, { where: related(), count: 1, limit: 0 });
    assertNoServerError(response);
    assert.equal(response.json.count ?? 0, 0);
  });

  test('owners by a member answer only what the client may read', async () => {
    assert.deepEqual(assertOk(await api.find(G, { where: { members: pointer(M, member) } })).results, []);
  });

  test('redirectClassNameForKey runs under the rights of the target (GHSA-6r2j-cxgf-495f)', async () => {
    const D = uniqueName('Redirecting');
    for (const target of ['_JobStatus', '_Hooks']) {
      const fields = { rel: { type: 'Relation', targetClass: target } };
      const className = `${D}${target}`;
      assertNoServerError(await api.schema('POST', className, { className, fields }));
      assertError(await api.find(className, { redirectClassNameForKey: 'rel' }), 400, 119);
    }
    const className = `${D}Closed`;
    const closed = uniqueName('Closed');
    assertOk(await api.schema('POST', closed, { className: closed, fields: {}, classLevelPermissions: {} }));
    createdId(await api.create(closed, { n: 1 }, master));
    const fields = { rel: { type: 'Relation', targetClass: closed }, ptr: { type: 'Pointer', targetClass: closed } };
    assertOk(await api.schema('POST', className, { className, fields }));
    assertError(await api.find(className, { redirectClassNameForKey: 'rel' }), 400, 119);
    assert.deepEqual(assertOk(await api.find(className, { redirectClassNameForKey: 'ptr' })).results, []);
  });

  test('sub-queries run under the rights of their class', { skip: oursOnly }, async () => {
    const closed = uniqueName('Secret');
    assertOk(await api.schema('POST', closed, { className: closed, fields: { word: { type: 'String' } }, classLevelPermissions: {} }));
    createdId(await api.create(closed, { word: 'm' }, master));
    const query = { className: closed, where: {} };
    for (const name of [{ $select: { query, key: 'word' } }, { $dontSelect: { query, key: 'word' } }]) {
      const response = await api.find(M, { where: { name } });
      assert.ok(response.status >= 400 && response.status < 500, response.text);
    }
    const response = await api.find(M, { where: { to: { $inQuery: query } } });
    assert.ok((response.status >= 400 && response.status < 500) || response.json.results.length === 0, response.text);
  });

  test('closed find and get, by include, count and batch', async () => {
    const closed = uniqueName('ClosedTarget');
    assertOk(await api.schema('POST', closed, { className: closed, fields: { word: { type: 'String' } }, classLevelPermissions: {} }));
    const target = createdId(await api.create(closed, { word: 'secretword' }, master));
    const D = uniqueName('Pointing');
    createdId(await api.create(D, { to: pointer(closed, target), all: [pointer(closed, target)] }));
    for (const include of ['to', 'all', 'to.word', '*']) {
      const response = await api.find(D, { include });
      assertNoServerError(response);
      assert.ok(!response.text.includes('secretword'), response.text);
    }
    const requests = [
      { method: 'GET', path: `/parse/classes/${closed}` },
      { method: 'GET', path: `/parse/classes/${closed}/${target}` },
    ];
    for (const answer of assertOk(await api.request('POST', '/batch', { requests }))) assert.ok(answer.error, JSON.stringify(answer));
  });
});
