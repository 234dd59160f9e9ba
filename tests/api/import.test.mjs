// Import of fixtures, at the start and as a command, and export: what goes in comes out, and nothing half done stays.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { filesOf, folderOf, rowsOf } from '../support/files.mjs';
import { externalUrl, runParsimony, sharedFolder, startOwnServer, temporaryFolder } from '../support/server.mjs';

const skip = externalUrl !== undefined && 'needs a server of its own';
const master = { master: true };
const kOwnExport = path.join(path.dirname(fileURLToPath(import.meta.url)), '../support/fixtures/shop-export');
const kCreated = '2020-01-01T00:00:00.000Z';
const kUpdated = '2021-02-03T04:05:06.789Z';
const stamped = (objectId, fields) => ({ objectId, ...fields, createdAt: kCreated, updatedAt: kUpdated });
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });

const newData = () => path.join(temporaryFolder(), 'data');

async function importInto(data, ...paths) {
  return runParsimony(['import', ...paths, '--data', data]);
}

async function imported(data, ...paths) {
  const result = await importInto(data, ...paths);
  assert.equal(result.code, 0, result.stderr + result.stdout);
  return result;
}

async function exported(data) {
  const folder = path.join(temporaryFolder(), 'export');
  const result = await runParsimony(['export', folder, '--data', data]);
  assert.equal(result.code, 0, result.stderr + result.stdout);
  return folder;
}

// Runs `check` with a server on the folder, then stops it.
async function serving(options, check) {
  const server = await startOwnServer(options);
  try {
    return await check(server.api, server);
  } finally {
    await server.stop();
  }
}

async function rows(api, className, parameters = {}) {
  return assertOk(await api.find(className, { limit: 10_000, order: 'objectId', ...parameters }, master)).results;
}

const byId = (list) => [...list].sort((a, b) => (a.objectId < b.objectId ? -1 : 1));

describe('the shop', { skip }, () => {
  async function assertWhole(folder, options) {
    await serving(options, async (api) => {
      for (const [className, count] of [
        ['Product', 10],
        ['ProductCategory', 5],
        ['Order', 4],
      ]) {
        assert.equal(assertOk(await api.find(className, { count: 1, limit: 0 }, master)).count, count, className);
        assert.deepEqual(await rows(api, className), byId(rowsOf(folder, `${className}.json`)), className);
      }
      const joins = rowsOf(folder, '_Join꞉categories꞉Product.json');
      assert.equal(joins.length, 12);
      for (const { objectId } of rowsOf(folder, 'Product.json')) {
        const where = { $relatedTo: { object: pointer('Product', objectId), key: 'categories' } };
        const expected = joins.filter((join) => join.owningId === objectId).map((join) => join.relatedId);
        assert.deepEqual(
          (await rows(api, 'ProductCategory', { where })).map((row) => row.objectId),
          expected.sort(),
          objectId,
        );
      }
      const [order] = await rows(api, 'Order', { include: 'product', limit: 1 });
      assert.equal(order.product.__type, 'Object');
    });
  }

  test('an export of equal shape comes in at the start', async () => {
    await assertWhole(kOwnExport, { fixtures: kOwnExport });
  });

  test('and by the command', async () => {
    const data = newData();
    await imported(data, kOwnExport);
    await assertWhole(kOwnExport, { dataDir: data });
  });

  const real = sharedFolder('data/back4app-shop');
  test('a real export comes in whole', { skip: real === undefined && 'the shared data are not there' }, async () => {
    await assertWhole(real, { fixtures: real });
  });

  test('files one by one, in any order', async () => {
    const data = newData();
    const names = fs.readdirSync(kOwnExport).sort().reverse();
    for (const name of names) await imported(data, path.join(kOwnExport, name));
    await assertWhole(kOwnExport, { dataDir: data });
  });

  test('export, import and export again give the same bytes', async () => {
    const first = newData();
    await imported(first, kOwnExport);
    const out = await exported(first);
    const files = filesOf(out);
    assert.ok(Object.keys(files).length >= 4, Object.keys(files).join());
    for (const [name, text] of Object.entries(files)) if (name.endsWith('.json')) JSON.parse(text);
    const second = newData();
    await imported(second, out);
    assert.deepEqual(filesOf(await exported(second)), files);
    await assertWhole(kOwnExport, { dataDir: second });
  });
});

describe('forms', { skip }, () => {
  test('a bare list, and results', async () => {
    const folder = folderOf({
      'Bare.json': [stamped('aaaaaaaaaa', { n: 1 })],
      'Wrapped.json': { results: [stamped('bbbbbbbbbb', { n: 2 })] },
    });
    await serving({ fixtures: folder }, async (api) => {
      assert.deepEqual(await rows(api, 'Bare'), [stamped('aaaaaaaaaa', { n: 1 })]);
      assert.deepEqual(await rows(api, 'Wrapped'), [stamped('bbbbbbbbbb', { n: 2 })]);
    });
  });

  for (const separator of [':', '꞉']) {
    test(`relation files with ${separator}`, async () => {
      const folder = folderOf({
        [`_Join${separator}friends${separator}Person.json`]: [
          { objectId: 'x'.repeat(24), owningId: 'aaaaaaaaaa', relatedId: 'bbbbbbbbbb' },
        ],
        'Person.json': [
          stamped('aaaaaaaaaa', { friends: { __type: 'Relation', className: 'Person' } }),
          stamped('bbbbbbbbbb', { friends: { __type: 'Relation', className: 'Person' } }),
        ],
      });
      await serving({ fixtures: folder }, async (api) => {
        const where = { $relatedTo: { object: pointer('Person', 'aaaaaaaaaa'), key: 'friends' } };
        assert.deepEqual(
          (await rows(api, 'Person', { where })).map((row) => row.objectId),
          ['bbbbbbbbbb'],
        );
      });
    });
  }

  test('every type is kept exactly', async () => {
    const row = stamped('aaaaaaaaaa', {
      text: 'ü "q" \\ \n 漢字 🛍️',
      whole: 5,
      real: 0.1,
      big: 1e21,
      yes: true,
      no: false,
      list: [1, 'a', null, { b: [] }, pointer('Other', 'bbbbbbbbbb')],
      object: { a: { b: { c: null } }, 'key with space': 1 },
      when: { __type: 'Date', iso: '1999-12-31T23:59:59.999Z' },
      place: { __type: 'GeoPoint', latitude: 40.1, longitude: -30.2 },
      bytes: { __type: 'Bytes', base64: 'AAEC' },
      link: pointer('Other', 'bbbbbbbbbb'),
      area: {
        __type: 'Polygon',
        coordinates: [
          [0, 0],
          [0, 1],
          [1, 1],
          [0, 0],
        ],
      },
      ACL: { '*': { read: true }, 'role:Admins': { write: true } },
    });
    const file = { __type: 'File', name: '0123456789abcdef0123456789abcdef_a b.png', url: 'http://files.example/a.png' };
    await serving({ fixtures: folderOf({ 'Everything.json': { results: [{ ...row, file }] } }) }, async (api, server) => {
      const [{ file: answered, ...rest }] = await rows(api, 'Everything');
      assert.deepEqual(rest, row);
      assert.equal(answered.name, file.name);
      const { fields } = assertOk(await api.schema('GET', 'Everything'));
      const types = {
        text: 'String',
        whole: 'Number',
        real: 'Number',
        yes: 'Boolean',
        list: 'Array',
        object: 'Object',
        when: 'Date',
        place: 'GeoPoint',
        bytes: 'Bytes',
        area: 'Polygon',
        file: 'File',
      };
      for (const [field, type] of Object.entries(types)) assert.deepEqual(fields[field], { type }, field);
      assert.deepEqual(fields.link, { type: 'Pointer', targetClass: 'Other' });
      await server.stop();
      const out = await exported(server.dataDir);
      assert.deepEqual(
        rowsOf(out, 'Everything.json').map(({ file: _file, ...other }) => other),
        [row],
      );
    });
  });

  test('a field that is only null gets its type from a later row', async () => {
    const folder = folderOf({ 'Late.json': [stamped('aaaaaaaaaa', { n: null }), stamped('bbbbbbbbbb', { n: 5 })] });
    await serving({ fixtures: folder }, async (api) => {
      assert.deepEqual(assertOk(await api.schema('GET', 'Late')).fields.n, { type: 'Number' });
      assert.deepEqual(await rows(api, 'Late'), [stamped('aaaaaaaaaa', {}), stamped('bbbbbbbbbb', { n: 5 })]);
    });
  });

  test('rows without ids and dates get them', async () => {
    await serving({ fixtures: folderOf({ 'Plain.json': [{ n: 1 }, { n: 2 }] }) }, async (api) => {
      const list = await rows(api, 'Plain');
      assert.deepEqual(list.map((row) => row.n).sort(), [1, 2]);
      for (const row of list) assert.match(row.objectId, /^[A-Za-z0-9]{10}$/);
    });
  });

  test('an empty file of rows', async () => {
    await serving({ fixtures: folderOf({ 'Nothing.json': { results: [] } }) }, async (api) =>
      assert.deepEqual(await rows(api, 'Nothing'), []),
    );
  });
});

describe('rights', { skip }, () => {
  test('a class made by an import is closed to all but the master key', async () => {
    await serving({ fixtures: kOwnExport }, async (api) => {
      const [{ objectId }] = await rows(api, 'Product');
      for (const attempt of [
        api.find('Product'),
        api.get('Product', objectId),
        api.find('Product', { count: 1, limit: 0 }),
        api.create('Product', { name: 'a' }),
        api.update('Product', objectId, { name: 'b' }),
        api.remove('Product', objectId),
      ]) {
        assertError(await attempt, 400, 119, 'Permission denied');
      }
      assertOk(await api.update('Product', objectId, { name: 'b' }, master));
    });
  });

  test('a definition says otherwise', async () => {
    const definition = {
      definitions: [
        { className: 'Product', fields: { name: { type: 'String' } }, classLevelPermissions: { find: { '*': true }, get: { '*': true } } },
      ],
    };
    const schema = path.join(folderOf({ 'classes.json': definition }), 'classes.json');
    await serving({ fixtures: kOwnExport, schema }, async (api) => {
      assert.equal(assertOk(await api.find('Product')).results.length, 10);
      assertError(await api.create('Product', { name: 'a' }), 400, 119);
      assertError(await api.find('Order'), 400, 119);
    });
  });
});

describe('again', { skip }, () => {
  test('the same content changes nothing, by command and by start', async () => {
    const data = newData();
    await imported(data, kOwnExport);
    const before = filesOf(await exported(data));
    await imported(data, kOwnExport);
    assert.deepEqual(filesOf(await exported(data)), before);
    await serving({ dataDir: data, fixtures: kOwnExport }, async (api) => assert.equal((await rows(api, 'Product')).length, 10));
    assert.deepEqual(filesOf(await exported(data)), before);
  });

  test('a restart does not undo what clients did to the rows of the fixtures', async () => {
    const data = newData();
    await serving({ dataDir: data, fixtures: kOwnExport }, async (api) => {
      assertOk(await api.update('Product', 'prodLamp01', { price: 1 }, master));
      assertOk(await api.remove('Product', 'prodSpade2', master));
      createdId(await api.create('Product', { name: 'New' }, master));
      const relation = { __op: 'RemoveRelation', objects: [pointer('ProductCategory', 'catBooks02')] };
      assertOk(await api.update('Product', 'prodAtlas3', { categories: relation }, master));
    });
    await serving({ dataDir: data, fixtures: kOwnExport }, async (api) => {
      assert.equal(assertOk(await api.get('Product', 'prodLamp01', {}, master)).price, 1);
      assertError(await api.get('Product', 'prodSpade2', {}, master), 404, 101);
      assert.equal((await rows(api, 'Product')).length, 10);
      const where = { $relatedTo: { object: pointer('Product', 'prodAtlas3'), key: 'categories' } };
      assert.deepEqual(await rows(api, 'ProductCategory', { where }), []);
    });
  });
});

describe('errors', { skip }, () => {
  const good = { results: [stamped('aaaaaaaaaa', { n: 1 })] };
  const place = (name, line) => new RegExp(`${name}\\D{1,10}${line}\\D{1,10}\\d+`);

  async function assertStopped(files, ...patterns) {
    const data = newData();
    const folder = folderOf({ 'Aaa.json': good, 'Zzz.json': good, ...files });
    const result = await importInto(data, folder);
    assert.notEqual(result.code, 0, result.stdout);
    assert.equal(result.signal, null);
    for (const pattern of patterns) assert.match(result.stderr, pattern);
    await serving({ dataDir: data }, async (api) => {
      for (const className of ['Aaa', 'Zzz']) {
        assert.deepEqual(await rows(api, className), []);
        assertError(await api.schema('GET', className), 400, 103);
      }
    });
    await assert.rejects(startOwnServer({ fixtures: folder }), patterns[0]);
  }

  test('broken JSON: file, line, column', async () => {
    await assertStopped({ 'Broken.json': '[\n  {"objectId": "aaaaaaaaaa"},\n  {"objectId": }\n]' }, place('Broken\\.json', 3));
  });

  test('a cut file', async () => {
    await assertStopped({ 'Broken.json': '{"results":[\n{"objectId":"aaaaaaaaaa"}\n' }, /Broken\.json/);
  });

  test('bytes that are no UTF-8', async () => {
    await assertStopped({ 'Broken.json': Buffer.from('[\n{"objectId":"aaaaaaaaaa","t":"\xff"}]', 'latin1') }, place('Broken\\.json', 2));
  });

  test('a contradiction is reported with both places', async () => {
    const text = '[\n{"objectId":"aaaaaaaaaa","n":1},\n{"objectId":"bbbbbbbbbb","n":2},\n{"objectId":"cccccccccc","n":"three"}\n]';
    await assertStopped({ 'Mixed.json': text }, place('Mixed\\.json', 4), place('Mixed\\.json', 2), /\bn\b/, /Number/, /String/);
  });

  test('a contradiction between pointers', async () => {
    const list = [{ link: pointer('One', 'aaaaaaaaaa') }, { link: pointer('Two', 'aaaaaaaaaa') }];
    await assertStopped(
      { 'Mixed.json': `[\n${list.map((row) => JSON.stringify(row)).join(',\n')}\n]` },
      place('Mixed\\.json', 3),
      place('Mixed\\.json', 2),
    );
  });

  for (const [title, content] of [
    ['a number as content', '5'],
    ['an object without results', '{"rows":5}'],
    ['a row that is no object', '[1]'],
    ['an objectId that is no text', '[{"objectId":5}]'],
    ['a bad field name', '[{"objectId":"aaaaaaaaaa","bad-name":1}]'],
    ['a malformed pointer', '[{"objectId":"aaaaaaaaaa","p":{"__type":"Pointer"}}]'],
    ['a malformed date', '[{"objectId":"aaaaaaaaaa","d":{"__type":"Date","iso":"soon"}}]'],
    ['a createdAt that is no date', '[{"objectId":"aaaaaaaaaa","createdAt":"soon"}]'],
    ['an ACL that is no ACL', '[{"objectId":"aaaaaaaaaa","ACL":"public"}]'],
    ['deep nesting', '['.repeat(100_000)],
  ]) {
    test(title, async () => assertStopped({ 'Broken.json': content }, /Broken\.json/));
  }

  test('a join row without its ids', async () => {
    await assertStopped({ '_Join:rel:Aaa.json': '[\n{"owningId":"aaaaaaaaaa"}]' }, /_Join.rel.Aaa\.json/);
  });

  test('a path that is not there', async () => {
    const result = await importInto(newData(), '/nowhere/at/all');
    assert.notEqual(result.code, 0);
    assert.match(result.stderr, /\/nowhere\/at\/all/);
  });

  test('a bad class name', async () => {
    await assertStopped({ 'bad-name.json': good }, /bad-name/);
  });
});

test('without a terminal the progress is plain lines', { skip }, async () => {
  const { stdout, stderr } = await imported(newData(), kOwnExport);
  assert.doesNotMatch(stdout + stderr, /[\r\u001b]/);
  assert.match(stdout + stderr, /\b31\b|\b10\b/, 'the number of rows is told');
});

test('2,000 objects round the export', { skip }, async () => {
  const list = Array.from({ length: 2_000 }, (_, n) => stamped(`row${String(n).padStart(7, '0')}`, { n, text: `text ${n}`, half: n / 2 }));
  const data = newData();
  await imported(data, folderOf({ 'Many.json': list }));
  const out = await exported(data);
  assert.deepEqual(byId(rowsOf(out, 'Many.json')), list);
});
