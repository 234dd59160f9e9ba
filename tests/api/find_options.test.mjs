// order, limit, skip, count, keys, excludeKeys and include, over several levels.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const [Book, Author, City] = ['Book', 'Author', 'City'].map(uniqueName);
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const date = (iso) => ({ __type: 'Date', iso });
const id = {};

before(async () => {
  for (const name of ['Rome', 'Oslo']) id[name] = createdId(await api.create(City, { name, mayor: 'M. ' + name }));
  for (const [name, city] of [
    ['Ann', 'Rome'],
    ['Bob', 'Oslo'],
  ]) {
    id[name] = createdId(await api.create(Author, { name, age: 40, city: pointer(City, id[city]) }));
  }
  const books = [
    {
      title: 'one',
      pages: 10,
      author: pointer(Author, id.Ann),
      readers: [pointer(Author, id.Ann), pointer(Author, id.Bob)],
      meta: { rank: 3, k: 1 },
      printed: date('2001-01-01T00:00:00.000Z'),
    },
    {
      title: 'two',
      pages: 20,
      author: pointer(Author, id.Bob),
      readers: [pointer(City, id.Oslo), 'not a pointer', pointer(Author, id.Bob)],
      meta: { rank: 1, k: 2 },
      printed: date('1999-01-01T00:00:00.000Z'),
    },
    {
      title: 'three',
      pages: 20,
      author: pointer(Author, 'missing001'),
      readers: [pointer(Author, 'missing001'), pointer(Author, id.Ann)],
      meta: { rank: 2, k: 3 },
    },
    { title: 'Four', pages: -1 },
    { title: 'five' },
  ];
  for (const book of books) id[book.title] = createdId(await api.create(Book, book));
});

const find = async (parameters) => assertOk(await api.find(Book, parameters)).results;
const titles = async (parameters) => (await find(parameters)).map((row) => row.title).join(' ');
const one = async (title, parameters) => (await find({ where: { title }, ...parameters }))[0];

describe('order', () => {
  const cases = [
    ['by text', { order: 'title' }, 'Four five one three two'],
    ['descending', { order: '-title' }, 'two three one five Four'],
    ['by two fields', { where: { pages: { $exists: true } }, order: '-pages,title' }, 'three two one Four'],
    ['by two fields, both ways', { where: { pages: { $exists: true } }, order: 'pages,-title' }, 'Four one two three'],
    ['by date', { where: { printed: { $exists: true } }, order: 'printed' }, 'two one'],
    ['by createdAt', { order: '-createdAt' }, 'five Four three two one'],
    ['by a dotted path', { where: { meta: { $exists: true } }, order: 'meta.rank' }, 'two three one'],
    ['by a dotted path, descending', { where: { meta: { $exists: true } }, order: '-meta.rank' }, 'one three two'],
    ['ignores fields that are not there', { order: 'nowhere,title' }, 'Four five one three two'],
  ];
  for (const [title, parameters, expected] of cases) test(title, async () => assert.equal(await titles(parameters), expected));

  test('rows without a value come first, and last when descending', { skip: oursOnly }, async () => {
    assert.equal(await titles({ order: 'pages,title' }), 'five Four one three two');
    assert.equal(await titles({ order: '-pages,title' }), 'three two one Four five');
  });

  test('a bad name is refused', async () => {
    assertError(await api.find(Book, { order: 'bad-name' }), 400, 105, 'Invalid field name: bad-name.');
    assertError(await api.find(Book, { order: 'title;drop' }), 400, 105);
  });
});

describe('limit, skip and count', () => {
  const cases = [
    ['limit', { order: 'title', limit: 2 }, 'Four five'],
    ['skip', { order: 'title', skip: 3 }, 'three two'],
    ['both', { order: 'title', skip: 1, limit: 2 }, 'five one'],
    ['limit 0', { limit: 0 }, ''],
    ['skip beyond the end', { skip: 100 }, ''],
    ['a limit beyond the end', { order: 'title', limit: 1000 }, 'Four five one three two'],
  ];
  for (const [title, parameters, expected] of cases) test(title, async () => assert.equal(await titles(parameters), expected));

  test('count ignores limit and skip', async () => {
    const body = assertOk(await api.find(Book, { where: { pages: 20 }, count: 1, limit: 1, skip: 1 }));
    assert.equal(body.count, 2);
    assert.equal(body.results.length, 1);
  });

  test('count of all by the master key is exact', { skip: oursOnly }, async () => {
    assert.deepEqual(assertOk(await api.find(Book, { count: 1, limit: 0 }, { master: true })), { results: [], count: 5 });
  });

  test('100 rows are the default, more on demand', async () => {
    const Many = uniqueName('Many');
    const requests = Array.from({ length: 120 }, (_, n) => ({ method: 'POST', path: `/parse/classes/${Many}`, body: { n } }));
    assertOk(await api.request('POST', '/batch', { requests }));
    assert.equal(assertOk(await api.find(Many)).results.length, 100);
    assert.equal(assertOk(await api.find(Many, { limit: 110 })).results.length, 110);
    assert.equal(assertOk(await api.find(Many, { count: 1 })).count, 120);
  });

  test('negative and non-numeric values are refused', { skip: oursOnly }, async () => {
    for (const parameters of [{ limit: -1 }, { limit: 'abc' }, { skip: -1 }, { skip: 'x' }, { limit: {} }, { skip: [1] }]) {
      assertError(await api.find(Book, parameters), 400, 102);
    }
  });
});

describe('keys and excludeKeys', () => {
  test('keys', async () => {
    const row = await one('one', { keys: 'title,pages' });
    assert.deepEqual(ownFields(row), { title: 'one', pages: 10 });
    assert.deepEqual(Object.keys(row).sort(), ['createdAt', 'objectId', 'pages', 'title', 'updatedAt']);
  });

  test('keys that are not there', async () => assert.deepEqual(ownFields(await one('one', { keys: 'nowhere' })), {}));

  test('a dotted key gives the whole object', async () => {
    assert.deepEqual(ownFields(await one('one', { keys: 'meta.rank' })), { meta: { rank: 3, k: 1 } });
  });

  test('a dotted key of a pointer includes it and reduces it', async () => {
    const { author } = await one('one', { keys: 'title,author.name', include: 'author' });
    assert.deepEqual(ownFields(author), { __type: 'Object', className: Author, name: 'Ann' });
  });

  test('excludeKeys', async () => {
    const row = await one('one', { excludeKeys: 'meta,readers,author,printed,createdAt' });
    assert.deepEqual(ownFields(row), { title: 'one', pages: 10 });
    assert.ok(row.createdAt);
  });

  test('keys minus excludeKeys', async () => {
    assert.deepEqual(ownFields(await one('one', { keys: 'title,pages', excludeKeys: 'pages' })), { title: 'one' });
  });
});

describe('include', () => {
  const annObject = () => ({ __type: 'Object', className: Author, name: 'Ann', age: 40, city: pointer(City, id.Rome) });

  test('without it there are pointers', async () => {
    assert.deepEqual((await one('one')).author, pointer(Author, id.Ann));
  });

  test('one level', async () => {
    const { author } = await one('one', { include: 'author' });
    assert.equal(author.objectId, id.Ann);
    assert.deepEqual(ownFields(author), annObject());
  });

  test('two levels, the parent added', async () => {
    const { author } = await one('one', { include: 'author.city' });
    assert.deepEqual(ownFields(author.city), { __type: 'Object', className: City, name: 'Rome', mayor: 'M. Rome' });
    assert.equal(author.name, 'Ann');
  });

  test('arrays of pointers, mixed classes, other members kept', async () => {
    const { readers } = await one('two', { include: 'readers' });
    assert.deepEqual(
      readers.map((reader) => reader.name ?? reader),
      ['Oslo', 'not a pointer', 'Bob'],
    );
    assert.deepEqual(
      readers.map((reader) => reader.className),
      [City, undefined, Author],
    );
  });

  test('a level below an array', async () => {
    const { readers } = await one('one', { include: 'readers.city' });
    assert.deepEqual(
      readers.map((reader) => reader.city.name),
      ['Rome', 'Oslo'],
    );
  });

  test('a missing target is left out, in arrays too', async () => {
    const row = await one('three', { include: 'author,readers' });
    assert.equal('author' in row, false);
    assert.deepEqual(
      row.readers.map((reader) => reader.name),
      ['Ann'],
    );
  });

  test('several paths', async () => {
    const row = await one('one', { include: 'author,readers' });
    assert.equal(row.author.name, 'Ann');
    assert.equal(row.readers[1].name, 'Bob');
  });

  test('everything, by * and by includeAll', async () => {
    for (const parameters of [{ include: '*' }, { includeAll: true }]) {
      const row = await one('one', parameters);
      assert.equal(row.author.name, 'Ann');
      assert.equal(row.readers[1].name, 'Bob');
      assert.deepEqual(row.author.city, pointer(City, id.Rome));
    }
  });

  test('fields that are no pointers or not there are ignored', async () => {
    assert.equal((await one('one', { include: 'title,nowhere,meta.rank' })).title, 'one');
  });

  test('pointers inside of objects, alone and in lists', async () => {
    const Order = uniqueName('IncludeOrder');
    const [ann, bob, missing] = [id.Ann, id.Bob, 'missing001'].map((each) => pointer(Author, each));
    const saved = createdId(
      await api.create(Order, {
        meta: { by: ann, deep: { by: bob, n: 1 }, gone: missing, none: null, text: 'x' },
        lines: [{ by: bob, n: 2 }, 'text', { by: missing, n: 3 }, { all: [ann, missing, [bob]] }],
      }),
    );
    const read = async (include) => ownFields(assertOk(await api.get(Order, saved, { include })));
    const plain = await read('meta,lines');
    assert.deepEqual(plain.meta.by, ann);

    const { meta } = await read('meta.by.city,meta.deep.by,meta.gone,meta.none,meta.text');
    assert.equal(meta.by.city.name, 'Rome');
    assert.deepEqual(meta.deep.by.city, pointer(City, id.Oslo));
    assert.deepEqual([meta.deep.n, meta.text, meta.none, 'gone' in meta], [1, 'x', null, false]);

    const { lines, ...rest } = await read('lines.by,lines.all.city');
    assert.deepEqual(rest, { meta: plain.meta });
    assert.equal(lines[0].by.name, 'Bob');
    assert.deepEqual(lines.slice(1, 3), ['text', { n: 3 }]);
    assert.deepEqual([lines[3].all[0].city.name, lines[3].all[1][0].city.name], ['Rome', 'Oslo']);
  });

  test('on get', async () => {
    const row = assertOk(await api.get(Book, id.one, { include: 'author.city' }));
    assert.equal(row.author.city.name, 'Rome');
  });

  test('the same target in many rows', async () => {
    const Many = uniqueName('ManyBooks');
    const requests = Array.from({ length: 150 }, (_, n) => ({
      method: 'POST',
      path: `/parse/classes/${Many}`,
      body: { n, author: pointer(Author, n % 2 ? id.Ann : id.Bob) },
    }));
    assertOk(await api.request('POST', '/batch', { requests }));
    const rows = assertOk(await api.find(Many, { include: 'author.city', limit: 1000 })).results;
    assert.equal(rows.length, 150);
    for (const row of rows) assert.equal(row.author.city.name, row.n % 2 ? 'Rome' : 'Oslo');
  });
});
