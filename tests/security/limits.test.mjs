// Requests that are large, deep or costly: refused or answered soon, and the server goes on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, uniqueName } from '../support/server.mjs';
import { attackedServer } from './attacked.mjs';

const { api, C, id } = await attackedServer();

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
});

describe('much from little (GHSA-cmj3-wx7h-ffvg, GHSA-cgxm-vr2f-6fj8)', () => {
  const kSoonMs = 5_000;
  async function assertSoon(send) {
    const start = performance.now();
    const response = await send();
    assertNoServerError(response);
    assert.ok(performance.now() - start < kSoonMs, `took ${performance.now() - start} ms`);
  }

  test('filters that nest in every way', { skip: oursOnly }, async () => {
    let where = { name: 'x' };
    for (let level = 0; level < 12; level++) {
      const query = { className: C, where };
      where = [
        { $or: [where] },
        { $and: [where] },
        { $nor: [where] },
        { name: { $select: { query, key: 'name' } } },
        { to: { $inQuery: query } },
      ][level % 5];
    }
    await assertSoon(() => api.request('POST', `/classes/${C}`, { _method: 'GET', where }));
  });

  test('sub-queries in sub-queries', { skip: oursOnly }, async () => {
    for (const depth of [50, 5_000]) {
      const where = '{"to":{"$inQuery":{"className":"X","where":'.repeat(depth) + '{}' + '}}}'.repeat(depth);
      await assertSoon(() => api.request('POST', `/classes/${C}`, `{"_method":"GET","where":${where}}`));
    }
  });

  test('includes that are many and deep', { skip: oursOnly }, async () => {
    const D = uniqueName('Ring');
    const one = createdId(await api.create(D, { n: 1 }));
    assertOk(await api.update(D, one, { to: { __type: 'Pointer', className: D, objectId: one } }));
    const deep = Array(500).fill('to').join('.');
    const many = Array.from({ length: 5_000 }, (_, n) => `f${n}`).join(',');
    for (const include of [deep, many, `${deep},${many}`]) {
      await assertSoon(() => api.request('POST', `/classes/${D}`, { _method: 'GET', include }));
    }
  });

  test('orders, keys and columns by the thousand', { skip: oursOnly }, async () => {
    const names = Array.from({ length: 5_000 }, (_, n) => `f${n}`).join(',');
    for (const name of ['order', 'keys', 'excludeKeys']) {
      await assertSoon(() => api.request('POST', `/classes/${C}`, { _method: 'GET', [name]: names }));
    }
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`f${n}`, n]));
    await assertSoon(() => api.create(uniqueName('Wide'), wide));
  });

  test('values that nest', async () => {
    for (const depth of [100, 10_000, 1_000_000]) {
      const text = `{"o":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const response = await api.request('POST', `/classes/${C}`, text);
      if (!oursOnly) assertNoServerError(response);
    }
    assertOk(await api.find(C, { limit: 1 }));
  });

  test('numbers beyond all bounds', { skip: oursOnly }, async () => {
    const D = uniqueName('Bounds');
    const made = createdId(await api.create(D, { n: 2 ** 53 }));
    for (const amount of ['1', '9007199254740993', '1e308', '-1e308', '1e400']) {
      assertNoServerError(await api.request('PUT', `/classes/${D}/${made}`, `{"n":{"__op":"Increment","amount":${amount}}}`));
    }
    const { n } = assertOk(await api.get(D, made));
    assert.ok(n === undefined || Number.isFinite(n), String(n));
  });
});
