// beforeFind and afterFind of Cloud Code: on finds, gets, includes and sub-queries (server-behaviour.md, sections 3 and 17).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { everyOperation, master, pointer, signUp } from '../support/users.mjs';

/* global Parse */
function code() {
  Parse.Cloud.beforeFind('Shown', ({ query }) => {
    query.equalTo('shown', true);
  });
  Parse.Cloud.beforeFind('Replaced', () => new Parse.Query('Replaced').equalTo('n', 2));
  Parse.Cloud.beforeFind('Limited', ({ query, count, isGet }) => {
    if (!count && !isGet) query.limit(1);
  });
  Parse.Cloud.beforeFind('Given', async () => {
    const known = await new Parse.Query('Source').find({ useMasterKey: true });
    return [...known.map((one) => Parse.Object.fromJSON({ ...one.toJSON(), className: 'Given' })), new Parse.Object('Given', { made: true })];
  });
  Parse.Cloud.beforeFind('Guarded', ({ master }) => (master ? undefined : new Parse.Query('Guarded').find({ useMasterKey: true })));
  Parse.Cloud.beforeFind('Between', () => {});
  Parse.Cloud.beforeFind('Endless', ({ query }) => {
    query.matchesQuery('to', new Parse.Query('Endless'));
  });
  Parse.Cloud.afterFind('Marked', ({ objects }) => {
    for (const object of objects) object.set('mark', `of ${object.get('n')}`);
  });
  Parse.Cloud.afterFind('Filtered', ({ objects }) => objects.filter((object) => object.get('n') > 1));
  Parse.Cloud.afterFind('Plain', () => [{ just: 'this' }]);
  Parse.Cloud.beforeFind('Refused', () => {
    throw new Parse.Error(119, 'Nobody reads this.');
  });
}

let api;
const find = async (path, as) => assertOk(await api.request('GET', `/classes/${path}`, undefined, as)).results;
const define = async (className, fields, classLevelPermissions) =>
  assertOk(await api.schema('POST', className, { className, fields, classLevelPermissions }));
const where = (condition) => `where=${encodeURIComponent(JSON.stringify(condition))}`;

before(async () => {
  ({ api } = await startCloud(code));
  for (const className of ['Replaced', 'Limited', 'Marked', 'Filtered', 'Plain', 'Refused']) {
    for (const n of [1, 2, 3]) createdId(await api.request('POST', `/classes/${className}`, { n }));
  }
});

describe('beforeFind', () => {
  let shown;
  let hidden;
  before(async () => {
    shown = createdId(await api.request('POST', '/classes/Shown', { shown: true, n: 1 }));
    hidden = createdId(await api.request('POST', '/classes/Shown', { shown: false, n: 2 }));
  });

  test('adds conditions to a find, a count and a get', async () => {
    assert.deepEqual((await find('Shown')).map((one) => one.objectId), [shown]);
    assert.equal(assertOk(await api.request('GET', '/classes/Shown?count=1&limit=0')).count, 1);
    assert.equal(assertOk(await api.request('GET', `/classes/Shown/${shown}`)).n, 1);
    assertError(await api.request('GET', `/classes/Shown/${hidden}`), 404, 101, 'Object not found.');
    assert.deepEqual(await find(`Shown?${where({ n: 2 })}`), []);
  });

  test('holds for what is included', async () => {
    for (const target of [shown, hidden]) {
      createdId(await api.request('POST', '/classes/Holder', { target: pointer('Shown', target), list: [pointer('Shown', target)] }));
    }
    const [first, second] = await find('Holder?include=target,list&order=createdAt');
    assert.equal(first.target.n, 1);
    assert.equal(first.list[0].n, 1);
    assert.equal(second.target?.n, undefined);
    assert.equal(second.list[0]?.n, undefined);
    const [all] = await find('Holder?includeAll=1&order=createdAt');
    assert.deepEqual([all.target.__type, all.target.className, all.target.n], ['Object', 'Shown', 1]);
  });

  test('holds for sub-queries', async () => {
    for (const target of [shown, hidden]) createdId(await api.request('POST', '/classes/Asker', { target: pointer('Shown', target) }));
    const asked = await find(`Asker?${where({ target: { $inQuery: { className: 'Shown', where: {} } } })}`);
    assert.deepEqual(asked.map((one) => one.target.objectId), [shown]);
    const nested = await find(`Asker?${where({ $or: [{ target: { $inQuery: { className: 'Shown', where: { n: 2 } } } }] })}`);
    assert.deepEqual(nested, []);
    const selected = await find(`Marked?${where({ n: { $select: { key: 'n', query: { className: 'Shown', where: {} } } } })}`);
    assert.deepEqual(selected.map((one) => one.n), [1]);
  });

  test('holds for sub-queries within sub-queries', async () => {
    for (const target of [shown, hidden]) {
      const id = createdId(await api.request('POST', '/classes/Between', { target: pointer('Shown', target) }));
      createdId(await api.request('POST', '/classes/Outer', { between: pointer('Between', id) }));
    }
    const inner = { target: { $inQuery: { className: 'Shown', where: {} } } };
    assert.equal((await find(`Between?${where(inner)}`)).length, 1);
    assert.equal((await find(`Outer?${where({ between: { $inQuery: { className: 'Between', where: inner } } })}`)).length, 1);
  });

  test('holds however the operators are spelt', async () => {
    const id = createdId(await api.request('POST', '/classes/Spelt', { to: pointer('Shown', hidden) }));
    const sent = async (parameters) => assertOk(await api.request('POST', '/classes/Spelt', { _method: 'GET', ...parameters })).results;
    const text = JSON.stringify({ objectId: id, to: { $inQuery: { className: 'Shown', where: {} } } });
    assert.deepEqual(await sent({ where: text }), []);
    assert.deepEqual(await sent({ where: text.replace('$', '\\u0024') }), []);
    for (const keys of ['to.n', '["to.n"]', '["to\\u002en"]']) {
      assert.deepEqual((await sent({ keys })).map((one) => one.to?.n), [undefined], keys);
    }
  });

  test('may add sub-queries, but not without an end', async () => {
    assertError(await api.request('GET', '/classes/Endless'), 400, 102, 'The sub-queries of the code are nested too deeply.');
  });

  test('includes what may be gotten, although it may not be found', async () => {
    const permissions = { ...everyOperation({ '*': true }), find: {} };
    await define('OnlyGotten', { n: { type: 'Number' } }, permissions);
    const ids = [];
    for (const n of [1, 2]) ids.push(createdId(await api.request('POST', '/classes/OnlyGotten', { n })));
    createdId(await api.request('POST', '/classes/GetHolder', { list: ids.map((id) => pointer('OnlyGotten', id)) }));
    const [holder] = await find('GetHolder?include=list');
    assert.deepEqual(holder.list.map((one) => one.n), [1, 2]);
  });

  test('replaces the query, and limits it', async () => {
    assert.deepEqual((await find('Replaced')).map((one) => one.n), [2]);
    assert.equal((await find('Limited')).length, 1);
  });

  test('answers in place of the database, to those who may read', async () => {
    const owner = await signUp(api, 'owner');
    createdId(await api.request('POST', '/classes/Source', { n: 1 }));
    createdId(await api.request('POST', '/classes/Source', { n: 2, ACL: owner.acl }));
    const all = await find('Given', master);
    assert.deepEqual(all.map((one) => one.n ?? one.made), [1, 2, true]);
    assert.deepEqual((await find('Given')).map((one) => one.n ?? one.made), [true]);
  });

  test('answers what the caller may see of the objects that the code gives', async () => {
    const permissions = { ...everyOperation({ '*': true }), protectedFields: { '*': ['secret'] } };
    await define('Guarded', { n: { type: 'Number' }, secret: { type: 'String' } }, permissions);
    for (const n of [1, 2]) createdId(await api.request('POST', '/classes/Guarded', { n, secret: 'x' }));
    const seen = await find('Guarded');
    assert.deepEqual(seen.map((one) => [one.n, one.secret]), [[1, undefined], [2, undefined]]);
    assert.deepEqual((await find('Guarded?keys=secret')).map((one) => [one.n, one.secret]), [[undefined, undefined], [undefined, undefined]]);
    assert.deepEqual((await find('Guarded', master)).map((one) => one.secret), ['x', 'x']);
  });

  test('refuses', async () => {
    assertError(await api.request('GET', '/classes/Refused'), 400, 119, 'Nobody reads this.');
    const id = createdId(await api.request('POST', '/classes/Refused', {}));
    assertError(await api.request('GET', `/classes/Refused/${id}`), 400, 119, 'Nobody reads this.');
    createdId(await api.request('POST', '/classes/Pointing', { to: pointer('Refused', id) }));
    assertError(await api.request('GET', '/classes/Pointing?include=to'), 400, 119, 'Nobody reads this.');
  });
});

describe('afterFind', () => {
  test('changes objects', async () => {
    const marked = await find('Marked?order=n');
    assert.deepEqual(marked.map((one) => one.mark), ['of 1', 'of 2', 'of 3']);
    assert.equal(assertOk(await api.request('GET', `/classes/Marked/${marked[0].objectId}`)).mark, 'of 1');
  });

  test('leaves some out, or answers its own', async () => {
    assert.deepEqual((await find('Filtered?order=n')).map((one) => one.n), [2, 3]);
    assert.deepEqual(await find('Plain'), [{ just: 'this' }]);
  });

  test('runs for what is included', async () => {
    const [one] = await find('Marked?limit=1&order=n');
    createdId(await api.request('POST', '/classes/MarkHolder', { to: pointer('Marked', one.objectId) }));
    assert.equal((await find('MarkHolder?include=to'))[0].to.mark, 'of 1');
  });
});

describe('the limits of finds, where some code listens', () => {
  let limited;
  let holder;
  before(async () => {
    ({ api: limited } = await startCloud("Parse.Cloud.afterFind('Listened', () => {})", {
      args: ['--maxLimit', '2', '--requestComplexity', '{"includeDepth":1}'],
    }));
    const ids = [];
    for (const n of [1, 2, 3]) ids.push(createdId(await limited.request('POST', '/classes/Listened', { n })));
    const list = ids.map((id) => pointer('Listened', id));
    holder = createdId(await limited.request('POST', '/classes/Holder', { list }));
    createdId(await limited.request('POST', '/classes/Outer', { to: pointer('Holder', holder) }));
  });

  test('the largest number of objects does not cut what they include', async () => {
    const { list } = assertOk(await limited.request('GET', `/classes/Holder/${holder}?include=list`));
    assert.deepEqual(list.map((one) => one.n), [1, 2, 3]);
    assert.equal(assertOk(await limited.request('GET', '/classes/Listened')).results.length, 2);
  });

  test('the depth of includes holds', async () => {
    const message = 'Include depth of 2 exceeds maximum allowed depth of 1';
    assertError(await limited.request('GET', '/classes/Outer?include=to.list'), 400, 102, message);
    assertOk(await limited.request('GET', '/classes/Outer?include=to.list', undefined, master));
  });
});
