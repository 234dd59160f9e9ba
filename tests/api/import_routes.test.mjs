// Import over HTTP, import modes, and files with an object a line.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { folderOf, rowsOf } from '../support/files.mjs';
import { externalUrl, oursOnly, runParsimony, startServer, temporaryFolder, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const kDates = { createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2021-02-03T04:05:06.789Z' };

const importData = (route, body, options) => api.request('POST', route, body, { ...master, ...options });
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const idsOf = async (C, where = {}) =>
  assertOk(await api.find(C, { where, order: 'objectId' }, master)).results.map((row) => row.objectId);

const kBoundary = '----parsimony-test';
const formOf = (parts) =>
  Buffer.from(
    Object.entries(parts)
      .map(([name, text]) => `--${kBoundary}\r\nContent-Disposition: form-data; name="${name}"; filename="x.json"\r\n\r\n${text}\r\n`)
      .join('') + `--${kBoundary}--\r\n`,
  );
const asForm = { headers: { 'Content-Type': `multipart/form-data; boundary=${kBoundary}` } };

describe('import over HTTP', { skip: oursOnly }, () => {
  const rows = [
    { objectId: 'one', name: 'ä', n: 1.5, to: pointer('Other', 'x'), ...kDates },
    { objectId: 'two', name: 'b', when: { __type: 'Date', iso: kDates.createdAt }, ...kDates },
  ];

  for (const [title, body, options] of [
    ['a list', rows],
    ['{"results":[…]}', { results: rows }],
    ['{"rows":[…]}', { rows }],
    ['the file of a form', formOf({ feedbackEmail: 'me@example.com', importFile: JSON.stringify({ results: rows }) }), asForm],
  ]) {
    test(`objects as ${title}, kept exactly; again, nothing changes`, async () => {
      const C = uniqueName('Imported' + title.replace(/\W/g, ''));
      const expected = { response: [{ objectId: 'one' }, { objectId: 'two' }], added: 2, changed: 0, unchanged: 0 };
      assert.deepEqual(assertOk(await importData(`/import_data/${C}`, body, options)), expected);
      assert.deepEqual(assertOk(await api.find(C, { order: 'objectId' }, master)).results, rows);
      assert.deepEqual(assertOk(await importData(`/import_data/${C}`, body, options)), { ...expected, added: 0, unchanged: 2 });
    });
  }

  test('an object that is there is made equal', async () => {
    const C = uniqueName('Updated');
    const id = createdId(await api.create(C, { a: 1, b: 1 }));
    const answer = assertOk(await importData(`/import_data/${C}`, [{ objectId: id, a: 2 }]));
    assert.deepEqual(answer, { response: [{ objectId: id }], added: 0, changed: 1, unchanged: 0 });
    const row = assertOk(await api.get(C, id));
    assert.equal(row.a, 2);
    assert.equal(row.b, undefined);
  });

  test('rows of a relation, by either route', async () => {
    const [C, T] = [uniqueName('Owner'), uniqueName('Member')];
    assertOk(await api.schema('POST', C, { fields: { rel: { type: 'Relation', targetClass: T } } }));
    const [one, two] = [createdId(await api.create(T, {})), createdId(await api.create(T, {}))];
    const owner = createdId(await api.create(C, {}));
    const row = (relatedId) => ({ objectId: 'x', owningId: owner, relatedId });
    assert.deepEqual(assertOk(await importData(`/import_relation_data/${C}/rel`, { results: [row(one)] })), {
      response: [{ owningId: owner, relatedId: one }],
      added: 1,
      changed: 0,
      unchanged: 0,
    });
    assert.equal(assertOk(await importData(`/import_data/_Join:rel:${C}`, [row(one), row(two)])).added, 1);
    assert.deepEqual(await idsOf(T, { $relatedTo: { object: pointer(C, owner), key: 'rel' } }), [one, two].sort());
  });

  test('a relation that no class is known for is found by its rows', async () => {
    const [C, T] = [uniqueName('FoundOwner'), uniqueName('FoundMember')];
    const member = createdId(await api.create(T, {}));
    assertOk(await importData(`/import_relation_data/${C}/rel`, [{ owningId: 'o', relatedId: member }]));
    assert.deepEqual(assertOk(await api.schema('GET', C)).fields.rel, { type: 'Relation', targetClass: T });
    const lost = await importData(`/import_relation_data/${C}/other`, [{ owningId: 'o', relatedId: 'nowhere' }]);
    assertError(lost, 400, 107, /cannot tell which class/);
  });

  test('a bad row is named by its place, and nothing stays', async () => {
    const C = uniqueName('BadRow');
    const answer = await importData(`/import_data/${C}`, '[\n{"objectId":"one","n":1},\n{"objectId":"two","n":"text"}]');
    assertError(answer, 400, 107, new RegExp(`^${C}\\.json:3:\\d+: n is a String here, but a Number at`));
    assert.equal(answer.json.message, answer.json.error);
    assert.deepEqual(await idsOf(C), []);
    assertError(await api.schema('GET', C), 400, 103);
  });

  test('is for the master key', async () => {
    for (const route of ['/import_data/Locked', '/import_relation_data/Locked/rel']) {
      assert.equal((await api.request('POST', route, [])).status, 403, route);
    }
  });

  for (const [title, route, body, options] of [
    ['no list', '/import_data/Bad', { a: 1 }],
    ['a bad class name', '/import_data/bad-name', []],
    ['a system class', '/import_data/_Session', [{ username: 'x' }]],
    ['a bad field name', '/import_relation_data/Bad/1a', []],
    ['no JSON', '/import_data/Bad', '[{'],
    ['a row that is no object', '/import_data/Bad', [1]],
    ['a form without the file', '/import_data/Bad', formOf({ other: '[]' }), asForm],
    ['a form that ends early', '/import_data/Bad', formOf({ importFile: '[]' }).subarray(0, 100), asForm],
    ['a form without a boundary', '/import_data/Bad', formOf({ importFile: '[]' }), { headers: { 'Content-Type': 'multipart/form-data; a=b' } }],
    ['a form with no JSON', '/import_data/Bad', formOf({ importFile: 'x' }), asForm],
  ]) {
    test(`refused: ${title}`, async () => {
      const answer = await importData(route, body, options);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(typeof answer.json.error, 'string');
    });
  }
});

describe('files', { skip: externalUrl !== undefined && 'needs a data folder of its own' }, () => {
  const newData = () => path.join(temporaryFolder(), 'data');
  async function imported(data, files, ...args) {
    const result = await runParsimony(['import', folderOf(files), '--data', data, ...args]);
    assert.equal(result.code, 0, result.stderr);
    return result;
  }
  async function exported(data) {
    const folder = path.join(temporaryFolder(), 'export');
    assert.equal((await runParsimony(['export', folder, '--data', data])).code, 0);
    return (name) => rowsOf(folder, name);
  }
  const ids = (rows) => rows.map((row) => row.objectId);
  const kNotes = [
    { objectId: 'a', n: 1 },
    { objectId: 'b', n: 2 },
  ];

  test('an object a line', async () => {
    const data = newData();
    const lines = kNotes.map((note) => JSON.stringify(note)).join('\n');
    await imported(data, { 'Note.ndjson': lines + '\n', 'Other.jsonl': '\n' + lines });
    const rows = await exported(data);
    assert.deepEqual(ids(rows('Note.json')), ['a', 'b']);
    assert.deepEqual(ids(rows('Other.json')), ['a', 'b']);
    const bad = await runParsimony(['import', folderOf({ 'Note.ndjson': `${lines}\n[]\n` }), '--data', data]);
    assert.notEqual(bad.code, 0);
    assert.match(bad.stderr, /Note\.ndjson:3:1: expected an object/);
  });

  test('replace: classes and relations hold what their files hold, the others stay', async () => {
    const data = newData();
    const joins = (...pairs) => pairs.map(([owningId, relatedId]) => ({ owningId, relatedId }));
    await imported(data, {
      'Note.json': kNotes,
      'Kept.json': kNotes,
      '_Join:rel:Note.json': joins(['a', 'a'], ['a', 'b']),
      '_SCHEMA.json': [{ className: 'Note', fields: { rel: { type: 'Relation', targetClass: 'Kept' } } }],
    });
    const files = { 'Note.json': [{ objectId: 'b', n: 3 }, { objectId: 'c' }], '_Join:rel:Note.json': joins(['a', 'b'], ['b', 'b']) };
    const { stdout } = await imported(data, files, '--mode', 'replace');
    assert.match(stdout, /removed/);
    const rows = await exported(data);
    assert.deepEqual(ids(rows('Note.json')), ['b', 'c']);
    assert.equal(rows('Note.json')[0].n, 3);
    assert.deepEqual(ids(rows('Kept.json')), ['a', 'b']);
    assert.deepEqual(rows('_Join꞉rel꞉Note.json'), joins(['a', 'b'], ['b', 'b']));
    await imported(data, { 'Note.json': [] }, '--mode', 'replace');
    assert.deepEqual((await exported(data))('Note.json'), []);
  });

  test('upsert is the default, and another mode is refused', async () => {
    const data = newData();
    await imported(data, { 'Note.json': kNotes });
    await imported(data, { 'Note.json': [{ objectId: 'c' }] });
    assert.deepEqual(ids((await exported(data))('Note.json')), ['a', 'b', 'c']);
    const refused = await runParsimony(['import', folderOf({ 'Note.json': [] }), '--data', data, '--mode', 'merge']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /mode/);
  });

  test('replace is refused where a field restricts it, and changes nothing', async () => {
    const data = newData();
    await imported(data, {
      '_SCHEMA.json': [{ className: 'Ref', fields: { to: { type: 'Pointer', targetClass: 'Note', onDelete: 'restrict' } } }],
      'Note.json': kNotes,
      'Ref.json': [{ objectId: 'r', to: pointer('Note', 'a') }],
    });
    const refused = await runParsimony(['import', folderOf({ 'Note.json': [kNotes[1]] }), '--data', data, '--mode', 'replace']);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /Note: objects that are in no file cannot be removed: .*Ref\.to/);
    assert.deepEqual(ids((await exported(data))('Note.json')), ['a', 'b']);
  });
});
