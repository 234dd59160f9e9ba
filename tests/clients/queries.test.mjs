// The Parse JavaScript SDK as a client: queries, includes and relations.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Parse from 'parse/node';
import { keys } from '../support/client.mjs';
import { isParseServer, oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
Parse.serverURL = server.url;

const [Book, Author, Town] = ['SdkBook', 'SdkAuthor', 'SdkTown'].map((name) => Parse.Object.extend(uniqueName(name)));
const books = () => new Parse.Query(Book);
const authors = {};

before(async () => {
  const towns = await Parse.Object.saveAll([new Town({ name: 'Rome' }), new Town({ name: 'Oslo' })]);
  authors.ann = await new Author({ name: 'Ann', town: towns[0] }).save();
  authors.bob = await new Author({ name: 'Bob', town: towns[1] }).save();
  const rows = [
    {
      title: 'Alpha',
      pages: 10,
      author: authors.ann,
      tags: ['x', 'y'],
      printed: new Date('2001-01-01'),
      info: { rank: 1 },
      readers: [authors.ann, authors.bob],
    },
    { title: 'beta', pages: 20, author: authors.bob, tags: ['y'], printed: new Date('2002-01-01'), info: { rank: 2 } },
    { title: 'Gamma ray', pages: 30, author: authors.ann, tags: [], printed: new Date('2003-01-01') },
    { title: 'delta', pages: 40 },
  ];
  for (const row of rows) await new Book(row).save();
});

const titles = async (query) => (await query.ascending('pages').find()).map((book) => book.get('title')).join(' ');

describe('constraints', () => {
  const cases = [
    ['equalTo', (q) => q.equalTo('title', 'beta'), 'beta'],
    ['notEqualTo', (q) => q.notEqualTo('title', 'beta'), 'Alpha Gamma ray delta'],
    ['greaterThan, lessThan', (q) => q.greaterThan('pages', 10).lessThan('pages', 40), 'beta Gamma ray'],
    [
      'greaterThanOrEqualTo, lessThanOrEqualTo',
      (q) => q.greaterThanOrEqualTo('pages', 20).lessThanOrEqualTo('pages', 30),
      'beta Gamma ray',
    ],
    ['dates', (q) => q.greaterThan('printed', new Date('2001-06-01')), 'beta Gamma ray'],
    ['containedIn', (q) => q.containedIn('pages', [10, 40, 99]), 'Alpha delta'],
    ['notContainedIn', (q) => q.notContainedIn('pages', [10, 40]), 'beta Gamma ray'],
    ['exists', (q) => q.exists('author'), 'Alpha beta Gamma ray'],
    ['doesNotExist', (q) => q.doesNotExist('author'), 'delta'],
    ['startsWith', (q) => q.startsWith('title', 'Ga'), 'Gamma ray'],
    ['endsWith', (q) => q.endsWith('title', 'ta'), 'beta delta'],
    ['contains', (q) => q.contains('title', 'a r'), 'Gamma ray'],
    ['matches', (q) => q.matches('title', /^[bd].*a$/), 'beta delta'],
    ['matches, case-insensitive', (q) => q.matches('title', /^ALPHA$/i), 'Alpha'],
    ['pointer', (q) => q.equalTo('author', authors.ann), 'Alpha Gamma ray'],
    ['pointers', (q) => q.containedIn('author', [authors.bob]), 'beta'],
    ['nested key', (q) => q.equalTo('info.rank', 2), 'beta'],
    ['array contains', (q) => q.equalTo('tags', 'y'), 'Alpha beta', true],
    ['array contains one of', (q) => q.containedIn('tags', ['x']), 'Alpha'],
    ['objectId', (q) => q.equalTo('objectId', 'doesNotEx1'), ''],
  ];
  for (const [title, constrain, expected, differs] of cases) {
    test(title, { skip: differs && oursOnly }, async () => assert.equal(await titles(constrain(books())), expected));
  }

  test('Query.or and Query.and', async () => {
    const [first, cheap, anns] = [books().equalTo('title', 'delta'), books().lessThan('pages', 15), books().equalTo('author', authors.ann)];
    assert.equal(await titles(Parse.Query.or(first, cheap)), 'Alpha delta');
    assert.equal(await titles(Parse.Query.and(anns, books().greaterThan('pages', 20))), 'Gamma ray');
    assert.equal(await titles(Parse.Query.or(first, Parse.Query.and(anns, cheap))), 'Alpha delta');
  });
});

describe('results', () => {
  test('first, get, count and find', async () => {
    assert.equal((await books().descending('pages').first()).get('title'), 'delta');
    assert.equal(await books().equalTo('title', 'nothing').first(), undefined);
    assert.equal(await books().count(), 4);
    assert.equal(await books().greaterThan('pages', 10).count(), 3);
    const [book] = await books().equalTo('title', 'beta').find();
    assert.equal((await books().get(book.id)).get('pages'), 20);
  });

  test('findAll, each and map walk through everything', async () => {
    const seen = [];
    await books().each((book) => void seen.push(book.get('title')), { batchSize: 2 });
    assert.equal(seen.sort().join(' '), 'Alpha Gamma ray beta delta');
    assert.equal((await books().findAll({ batchSize: 3 })).length, 4);
    assert.deepEqual((await books().map((book) => book.get('pages'))).sort(), [10, 20, 30, 40]);
  });

  test('order, limit and skip', async () => {
    const pages = async (query) => (await query.find()).map((book) => book.get('pages'));
    assert.deepEqual(await pages(books().descending('pages').limit(2)), [40, 30]);
    assert.deepEqual(await pages(books().ascending('pages').skip(1).limit(2)), [20, 30]);
    assert.deepEqual(
      await pages(books().ascending('author').addDescending('pages').exists('info').limit(1).exists('author')).then((all) => all.length),
      1,
    );
  });

  test('withCount', async () => {
    const { results, count } = await books().limit(1).withCount().find();
    assert.deepEqual([results.length, count], [1, 4]);
  });

  test('select and exclude', async () => {
    const [selected] = await books().equalTo('title', 'Alpha').select('title', 'pages').find();
    assert.deepEqual([selected.get('title'), selected.get('pages'), selected.get('tags')], ['Alpha', 10, undefined]);
    const [excluded] = await books().equalTo('title', 'beta').exclude('tags', 'info').find();
    assert.deepEqual([excluded.get('title'), excluded.get('tags')], ['beta', undefined]);
  });

  test('an empty class', async () => {
    const query = new Parse.Query(uniqueName('SdkNothing'));
    assert.deepEqual(await query.find(), []);
    assert.equal(await query.count(), 0);
  });

  test('errors', async () => {
    await assert.rejects(books().equalTo('bad key', 1).find(), { code: Parse.Error.INVALID_KEY_NAME });
    if (!isParseServer) await assert.rejects(books().addAscending('bad-key').find(), { code: Parse.Error.INVALID_KEY_NAME });
  });
});

describe('include', () => {
  test('several levels', async () => {
    const book = await books().equalTo('title', 'Alpha').include('author.town').first();
    assert.equal(book.get('author').get('name'), 'Ann');
    assert.equal(book.get('author').get('town').get('name'), 'Rome');
  });

  test('arrays of pointers, and includeAll', async () => {
    for (const query of [books().include('readers'), books().includeAll()]) {
      const book = await query.equalTo('title', 'Alpha').first();
      assert.deepEqual(
        book.get('readers').map((reader) => reader.get('name')),
        ['Ann', 'Bob'],
      );
    }
  });

  test('fetchWithInclude and fetchAllWithInclude', async () => {
    const ids = (await books().exists('author').ascending('pages').find()).map((book) => book.id);
    const bare = ids.map((objectId) => Book.createWithoutData(objectId));
    await Parse.Object.fetchAllWithInclude(bare, ['author.town']);
    assert.deepEqual(
      bare.map((book) => book.get('author').get('town').get('name')),
      ['Rome', 'Oslo', 'Rome'],
    );
    const one = Book.createWithoutData(ids[1]);
    await one.fetchWithInclude('author');
    assert.equal(one.get('author').get('name'), 'Bob');
  });
});

describe('relations', () => {
  const Shelf = Parse.Object.extend(uniqueName('SdkShelf'));

  test('add, query, remove', async () => {
    const all = await books().ascending('pages').find();
    const shelf = new Shelf({ name: 'first' });
    shelf.relation('books').add(all.slice(0, 3));
    await shelf.save();
    const related = async (object) => (await object.relation('books').query().ascending('pages').find()).map((book) => book.get('pages'));
    assert.deepEqual(await related(shelf), [10, 20, 30]);
    shelf.relation('books').remove(all[0]);
    shelf.relation('books').add(all[3]);
    await shelf.save();
    const read = await new Parse.Query(Shelf).get(shelf.id);
    assert.deepEqual(await related(read), [20, 30, 40]);
    assert.equal(await read.relation('books').query().greaterThan('pages', 20).count(), 2);
    assert.equal((await read.relation('books').query().include('author').equalTo('pages', 20).first()).get('author').get('name'), 'Bob');
  });

  test('the owners of an object', async () => {
    const [book] = await books().equalTo('title', 'delta').find();
    const shelf = new Shelf({ name: 'owner' });
    shelf.relation('books').add(book);
    await shelf.save();
    const owners = await new Parse.Query(Shelf).equalTo('books', book).equalTo('name', 'owner').find();
    assert.deepEqual(
      owners.map((owner) => owner.id),
      [shelf.id],
    );
  });
});
