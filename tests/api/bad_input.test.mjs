// Input that no honest client sends: it is answered with an error of the client's, never a 5xx, and the server lives on.
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, assertStatus, createdId, ownFields } from '../support/assert.mjs';
import { isParseServer, oursOnly, ownServerOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Bad');
const witness = createdId(await api.create(C, { number: 1, text: 'witness', list: [1], object: { a: 1 } }));
const path = `/classes/${C}`;

afterEach(async () => assert.equal(assertOk(await api.get(C, witness)).text, 'witness'));

describe('broken JSON is 400 without a code', () => {
  for (const body of [
    '{"a":',
    '{a:1}',
    '{"a":1}}',
    "{'a':1}",
    '{"a":1,}',
    '5',
    '"text"',
    'true',
    'null',
    '{"a":NaN}',
    '{"a":01}',
    '{"a":"\\x"}',
    '{"a":"\n"}',
    '{"a":"\\ud800\\u0041',
    '[',
    '{]',
    '{"a":Infinity}',
    '{"a" 1}',
    '// {}',
    '{"a":1} trailing',
  ]) {
    test(JSON.stringify(body), async () => {
      for (const [method, url] of [
        ['POST', path],
        ['PUT', `${path}/${witness}`],
        ['POST', '/batch'],
      ]) {
        const response = await api.request(method, url, body);
        assertStatus(response, 400);
        assert.equal(typeof response.json.error, 'string');
        assert.equal('code' in response.json, false, response.text);
      }
    });
  }
});

describe('odd but valid JSON', () => {
  test('a list as object is refused', async () => {
    assertError(await api.create(C, '[1]'), 400, 105, 'Invalid field name: 0.');
  });

  test('the last of equal keys counts', async () => {
    const id = createdId(await api.create(C, '{"number":1,"number":2}'));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { number: 2 });
  });

  test('escapes, also of lone surrogates', { skip: oursOnly }, async () => {
    const id = createdId(await api.create(C, '{"text":"\\u00fc\\/\\ud83d\\ude00"}'));
    assert.equal(assertOk(await api.get(C, id)).text, 'ü/😀');
    assertNoServerError(await api.create(C, '{"text":"\\ud800"}'));
    assertNoServerError(await api.create(C, '{"text":"\\udc00\\ud800"}'));
    assertOk(await api.find(C));
  });

  test('a byte order mark', { skip: oursOnly }, async () => {
    assertNoServerError(await api.create(C, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"number":1}')])));
  });

  test('NUL characters are kept or refused', { skip: oursOnly }, async () => {
    const response = await api.create(C, { text: 'a\0b', list: ['\0'], object: { 'k\0': '\0' } });
    assertNoServerError(response);
    if (response.status === 201) {
      assert.deepEqual(ownFields(assertOk(await api.get(C, response.json.objectId))), {
        text: 'a\0b',
        list: ['\0'],
        object: { 'k\0': '\0' },
      });
      assert.equal(assertOk(await api.find(C, { where: { text: 'a\0b' } })).results.length, 1);
      assert.equal(assertOk(await api.find(C, { where: { text: 'a' } })).results.length, 0);
    }
    assertNoServerError(await api.find(C, { where: { text: { $regex: 'a\0' } } }));
    assertNoServerError(await api.request('GET', `${path}/a%00b`));
  });
});

describe('bytes that are no UTF-8', { skip: oursOnly }, () => {
  for (const [title, bytes] of [
    ['a lone byte', [0xff]],
    ['a cut sequence', [0xc3]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['too long a form', [0xc0, 0xaf]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ]) {
    test(title, async () => {
      const wrap = (before, after_) => Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after_)]);
      for (const body of [wrap('{"text":"', '"}'), wrap('{"object":{"', '":1}}'), wrap('{"', '":1}'), wrap('', '')]) {
        assertNoServerError(await api.create(C, body));
        assertNoServerError(await api.request('POST', path, body, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }));
      }
      const escaped = bytes.map((byte) => `%${byte.toString(16)}`).join('');
      for (const url of [
        `${path}?where=%7B%22text%22%3A%22${escaped}%22%7D`,
        `${path}/${escaped}`,
        `/classes/${escaped}`,
        `${path}?order=${escaped}`,
        `${path}?${escaped}=1`,
      ]) {
        assertNoServerError(await api.request('GET', url));
      }
      new TextDecoder('utf-8', { fatal: true }).decode((await api.find(C, { limit: 1000 })).bytes);
    });
  }
});

describe('numbers', () => {
  for (const number of [
    '1e400',
    '-1e400',
    '1e-400',
    '123456789012345678901234567890',
    '-9223372036854775809',
    '9223372036854775807',
    '18446744073709551616',
    '0.1e1',
    '-0',
    '1'.repeat(5000),
    `0.${'1'.repeat(5000)}`,
    '1E+2',
  ]) {
    test(number.slice(0, 40), { skip: oursOnly }, async () => {
      const response = await api.create(C, `{"number":${number}}`);
      assertNoServerError(response);
      if (response.status !== 201) return;
      const { number: stored = null } = assertOk(await api.get(C, response.json.objectId));
      const expected = JSON.parse(number);
      if (Number.isFinite(expected)) assert.equal(stored + 0, expected + 0);
      assertNoServerError(
        await api.request('GET', `${path}?where=${encodeURIComponent(`{"$or":[{"number":${number}},{"number":{"$gt":${number}}}]}`)}`),
      );
    });
  }

  test('increments beyond what a number can hold', { skip: oursOnly }, async () => {
    const id = createdId(await api.create(C, { number: 9007199254740991 }));
    for (const amount of [9007199254740991, 9223372036854775807, 1.7e308, 1.7e308, -1e300]) {
      assertNoServerError(await api.update(C, id, { number: { __op: 'Increment', amount } }));
      assertOk(await api.get(C, id));
    }
  });

  test('limits and skips', { skip: oursOnly }, async () => {
    for (const value of [
      '-1',
      '1e400',
      '9223372036854775808',
      '1.5',
      '-0',
      'NaN',
      'null',
      '[]',
      '{}',
      '""',
      'true',
      '99999999999999999999',
    ]) {
      for (const name of ['limit', 'skip', 'count'])
        assertNoServerError(await api.request('GET', `${path}?${name}=${encodeURIComponent(value)}`));
    }
  });
});

describe('depth', () => {
  const nested = (open, inner, close, depth) => open.repeat(depth) + inner + close.repeat(depth);
  const bodies = {
    lists: (depth) => `{"list":${nested('[', '1', ']', depth)}}`,
    objects: (depth) => `{"object":${nested('{"a":', '1', '}', depth)}}`,
    'open lists': (depth) => `{"list":${'['.repeat(depth)}`,
    'open objects': (depth) => '{"a":'.repeat(depth),
    operators: (depth) => nested('{"list":{"__op":"Add","objects":[', '1', ']}}', depth),
  };
  for (const [title, body] of Object.entries(bodies)) {
    test(`100,000 levels of ${title}`, { skip: oursOnly }, async () => {
      for (const [method, url] of [
        ['POST', path],
        ['PUT', `${path}/${witness}`],
        ['POST', '/batch'],
      ]) {
        const response = await api.request(method, url, body(100_000));
        assertNoServerError(response);
        assert.equal(response.status, 400, response.text.slice(0, 200));
      }
    });
  }

  test('50 levels are kept', async () => {
    const list = JSON.parse(nested('[', '1', ']', 50));
    const id = createdId(await api.create(C, { list }));
    assert.deepEqual(assertOk(await api.get(C, id)).list, list);
  });

  test('conditions', { skip: oursOnly }, async () => {
    for (const depth of [100, 1_000, 20_000]) {
      for (const where of [
        nested('{"$or":[', '{"number":1}', ']}', depth),
        nested('{"$and":[', '{}', ']}', depth),
        nested('{"number":{"$in":[', '1', ']}}', depth),
      ]) {
        assertNoServerError(await api.request('POST', path, `{"_method":"GET","where":${where}}`));
      }
    }
  });

  test('include paths', { skip: oursOnly }, async () => {
    assertNoServerError(await api.request('POST', path, { _method: 'GET', include: Array(5_000).fill('list').join('.') }));
    assertNoServerError(await api.request('POST', path, { _method: 'GET', include: Array(5_000).fill('list').join(',') }));
  });
});

describe('size', () => {
  test('10 MB of text come back whole', async () => {
    const text = 'abcdefghi\n'.repeat(1_048_576);
    const id = createdId(await api.create(C, { text }));
    assert.equal(assertOk(await api.get(C, id)).text, text);
    assertOk(await api.remove(C, id));
  });

  test('more than 20 MB are 413', async () => {
    const response = await api.create(C, { text: 'x'.repeat(21 * 1_048_576) }).catch((error) => ({ status: 413, text: String(error) }));
    assert.equal(response.status, 413, response.text.slice(0, 200));
  });

  test('3000 fields in one object', { skip: isParseServer && 'PostgreSQL has 1600 columns' }, async () => {
    const fields = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`f${n}`, n]));
    const D = uniqueName('Wide');
    const response = await api.create(D, fields);
    assertNoServerError(response);
    if (response.status === 201) assert.deepEqual(ownFields(assertOk(await api.get(D, response.json.objectId))), fields);
    else assert.equal(assertStatus(await api.find(D), 200).results.length, 0);
  });

  test('10,000 values in $in and $nin', async () => {
    const values = Array.from({ length: 10_000 }, (_, n) => `value${n}`);
    const body = (where) => api.request('POST', path, { _method: 'GET', where });
    assert.equal(assertOk(await body({ text: { $in: [...values, 'witness'] } })).results.length, 1);
    assert.ok(assertOk(await body({ text: { $nin: values } })).results.length >= 1);
    assert.equal(assertOk(await body({ objectId: { $in: [...values, witness] } })).results.length, 1);
  });

  test('5,000 alternatives in $or', { skip: oursOnly }, async () => {
    const where = { $or: [...Array.from({ length: 5_000 }, (_, n) => ({ text: `value${n}` })), { text: 'witness' }] };
    const response = await api.request('POST', path, { _method: 'GET', where });
    assertNoServerError(response);
    if (response.status === 200) assert.equal(response.json.results.length, 1);
  });

  test('keys of 100 kB', { skip: oursOnly }, async () => {
    const key = 'k'.repeat(100_000);
    assertNoServerError(await api.create(C, { [key]: 1 }));
    assertNoServerError(await api.create(key, { a: 1 }));
    assertNoServerError(await api.find(C, { where: { [key]: 1 } }));
    assertNoServerError(await api.request('POST', path, { _method: 'GET', order: key, keys: key, include: key }));
    const id = createdId(await api.create(C, { object: { [key]: 1 } }));
    assert.deepEqual(assertOk(await api.get(C, id)).object, { [key]: 1 });
  });

  test('a regular expression that would never end', { skip: oursOnly }, async () => {
    const id = createdId(await api.create(C, { text: 'a'.repeat(40) + '!' }));
    assertNoServerError(await api.find(C, { where: { objectId: id, text: { $regex: '^(a+)+$' } } }));
    assertNoServerError(await api.find(C, { where: { objectId: id, text: { $regex: '(a|a)*b'.repeat(50) } } }));
    assertNoServerError(await api.find(C, { where: { text: { $regex: `(${'a'.repeat(60_000)})` } } }));
    assertNoServerError(await api.find(C, { where: { text: { $regex: '('.repeat(2_000) + ')'.repeat(2_000) } } }));
  });

  test('10,000 values in one AddUnique and Remove', { skip: oursOnly }, async () => {
    const objects = Array.from({ length: 10_000 }, (_, n) => n);
    const id = createdId(await api.create(C, { list: [] }));
    assertOk(await api.update(C, id, { list: { __op: 'AddUnique', objects } }));
    assertOk(await api.update(C, id, { list: { __op: 'AddUnique', objects } }));
    assert.equal(assertOk(await api.get(C, id)).list.length, 10_000);
    assertOk(await api.update(C, id, { list: { __op: 'Remove', objects: objects.slice(1) } }));
    assert.deepEqual(assertOk(await api.get(C, id)).list, [0]);
  });
});

describe('values where others are meant', { skip: oursOnly }, () => {
  const odd = [
    null,
    true,
    0,
    -1,
    1.5,
    '',
    'text',
    [],
    [[]],
    {},
    { __op: null },
    { __op: 5 },
    { __op: {} },
    { __type: null },
    { __type: 5 },
    { __type: [] },
    { __op: 'Add' },
    { __op: 'Increment' },
    { __op: 'AddRelation' },
    { __op: 'AddRelation', objects: 'x' },
    { __op: 'AddRelation', objects: [5, null] },
    { __op: 'AddRelation', objects: [{ __type: 'Pointer' }] },
    { __op: 'RemoveRelation', objects: [{}] },
    { __op: 'Batch' },
    { __op: 'Batch', ops: 5 },
    { __op: 'Batch', ops: [5] },
    { __op: 'Batch', ops: [{ __op: 'Batch', ops: [] }] },
    { __op: 'Batch', ops: [{ __op: 'Increment', amount: 1 }] },
    { __type: 'Pointer', className: 5, objectId: 5 },
    { __type: 'Pointer', className: 'A', objectId: null },
    { __type: 'Date', iso: 'x' },
    { __type: 'GeoPoint', latitude: 'x', longitude: null },
    { __type: 'GeoPoint', latitude: 1e300, longitude: 1 },
    { __type: 'Bytes', base64: 5 },
    { __type: 'Bytes', base64: '***' },
    { __type: 'File', name: 5 },
    { __type: 'Polygon', coordinates: [[]] },
    { __type: 'Polygon', coordinates: [1, 2, 3] },
    { __type: 'Relation', className: 5 },
    { __type: 'Object' },
    { __type: 'Pointer', className: 'bad-name', objectId: 'a"b' },
  ];

  for (const value of odd) {
    test(JSON.stringify(value), async () => {
      for (const field of [
        'number',
        'text',
        'list',
        'object',
        'ACL',
        'objectId',
        'createdAt',
        uniqueName('fresh').replace(/\W/g, '') + odd.indexOf(value),
      ]) {
        assertNoServerError(await api.create(C, { [field]: value }));
        const id = createdId(await api.create(C, { number: 1 }, { master: true }));
        assertNoServerError(await api.update(C, id, { [field]: value }));
        assertNoServerError(await api.update(C, id, { [`${field}.a`]: value }));
        assertNoServerError(await api.find(C, { where: { [field]: value } }));
      }
      for (const operator of [
        '$eq',
        '$ne',
        '$lt',
        '$gte',
        '$in',
        '$nin',
        '$exists',
        '$regex',
        '$options',
        '$all',
        '$relatedTo',
        '$near',
        '$select',
        '$inQuery',
      ]) {
        for (const field of ['number', 'text', 'list', 'object', 'objectId', 'createdAt', 'object.a']) {
          assertNoServerError(await api.find(C, { where: { [field]: { [operator]: value } }, limit: 1 }));
        }
      }
      for (const operator of ['$or', '$and', '$nor', '$relatedTo']) {
        assertNoServerError(await api.find(C, { where: { [operator]: value } }));
        assertNoServerError(await api.find(C, { where: { [operator]: [value] } }));
      }
      for (const name of [
        'where',
        'order',
        'keys',
        'excludeKeys',
        'include',
        'includeAll',
        'limit',
        'skip',
        'count',
        'hint',
        'explain',
        '_method',
        'redirectClassNameForKey',
      ]) {
        assertNoServerError(await api.request('POST', path, { _method: 'GET', [name]: value }));
      }
      for (const body of [
        value,
        { requests: value },
        { requests: [value] },
        { requests: [{ method: value, path: `/parse${path}` }] },
        { requests: [{ method: 'POST', path: `/parse${path}`, body: value }] },
        { requests: [], transaction: value },
      ]) {
        assertNoServerError(await api.request('POST', '/batch', JSON.stringify(body)));
      }
    });
  }
});

test('nothing of all this reached the log as a failure of the server', { skip: ownServerOnly }, () => {
  assert.doesNotMatch(server.stderr(), /Internal server error|terminate called|assert/i);
});
