// The options that say how class definitions are held against a database that differs.
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { folderOf } from '../support/files.mjs';
import { externalUrl, outputWith, startOwnServer, temporaryFolder } from '../support/server.mjs';

const skip = externalUrl !== undefined && 'needs servers of its own';
const kOpen = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((name) => [name, { '*': true }]));
const define = (fields) => folderOf({ 'note.json': [{ className: 'Note', fields, classLevelPermissions: kOpen }] });
const kText = { text: { type: 'String' }, extra: { type: 'String' } };

async function serving(options, check) {
  const own = await startOwnServer(options);
  try {
    return await check(own.api, own);
  } finally {
    await own.stop();
  }
}

// A data folder with a Note {text, extra}, and its id.
async function makeData() {
  const dataDir = path.join(temporaryFolder(), 'data');
  const id = await serving({ dataDir, schema: define(kText) }, async (api) => createdId(await api.create('Note', { text: 'a', extra: 'b' })));
  return { dataDir, id };
}
const noteOf = async (api, id) => {
  const { text, extra } = assertOk(await api.get('Note', id));
  return { text, extra };
};

describe('schema options', { skip }, () => {
  const kChanged = { text: { type: 'Number' } };

  test('without one a difference is left as it is and named', async () => {
    const { dataDir, id } = await makeData();
    await serving({ dataDir, schema: define(kChanged) }, async (api, own) => {
      assert.deepEqual(await noteOf(api, id), { text: 'a', extra: 'b' });
      await outputWith(own, /Note\.text is defined as Number, but the database has String/);
    });
  });

  test('deleteExtraFields deletes what no definition has, with its data', async () => {
    const { dataDir, id } = await makeData();
    await serving({ dataDir, schema: define({ text: kText.text }), args: ['--schema.deleteExtraFields'] }, async (api) => {
      assert.deepEqual(await noteOf(api, id), { text: 'a', extra: undefined });
      const { fields } = assertOk(await api.schema('GET', 'Note'));
      assert.deepEqual(Object.keys(fields).sort(), ['ACL', 'createdAt', 'objectId', 'text', 'updatedAt']);
      assert.ok(assertOk(await api.schema('GET', '_User')).fields.username);
    });
  });

  test('recreateModifiedFields makes fields of another type anew', async () => {
    const { dataDir, id } = await makeData();
    await serving({ dataDir, schema: define(kChanged), args: ['--schema.recreateModifiedFields'] }, async (api) => {
      assert.deepEqual(await noteOf(api, id), { text: undefined, extra: 'b' });
      assertOk(await api.update('Note', id, { text: 5 }));
    });
  });

  test('strict ends the start and changes nothing', async () => {
    const { dataDir, id } = await makeData();
    const schema = define({ ...kChanged, more: { type: 'Date' } });
    await assert.rejects(startOwnServer({ dataDir, schema, args: ['--schema.strict'] }), (error) => {
      assert.match(error.message, /schema\.strict is set: .*Note\.text is defined as Number.*; Note\.extra is in the database, but not in the class definition/);
      return true;
    });
    await serving({ dataDir, schema: define(kText), args: ['--schema.strict'] }, async (api) => {
      assert.deepEqual(await noteOf(api, id), { text: 'a', extra: 'b' });
      assert.equal(assertOk(await api.schema('GET', 'Note')).fields.more, undefined);
    });
  });

  test('keepUnknownIndexes leaves what a definition does not name', async () => {
    const defined = (indexes) => folderOf({ 'note.json': [{ className: 'Note', fields: kText, indexes, classLevelPermissions: kOpen }] });
    const dataDir = path.join(temporaryFolder(), 'data');
    const indexesOf = async (api) => Object.keys(assertOk(await api.schema('GET', 'Note')).indexes).filter((name) => name !== '_id_');
    await serving({ dataDir, schema: defined({ byText: { text: 1 } }) }, async (api) => {
      assertOk(await api.schema('PUT', 'Note', { indexes: { byExtra: { extra: 1 } } }));
      assert.deepEqual((await indexesOf(api)).sort(), ['byExtra', 'byText']);
    });
    const schema = defined({ byText: { text: -1 } });
    await serving({ dataDir, schema, args: ['--schema.keepUnknownIndexes'] }, async (api) => {
      assert.deepEqual((await indexesOf(api)).sort(), ['byExtra', 'byText']);
      assert.deepEqual(assertOk(await api.schema('GET', 'Note')).indexes.byText, { text: -1 });
    });
    await serving({ dataDir, schema }, async (api) => assert.deepEqual(await indexesOf(api), ['byText']));
  });

  test('lockSchemas closes the routes that change classes, and new fields to clients', async () => {
    const { dataDir, id } = await makeData();
    await serving({ dataDir, schema: define(kText), args: ['--schema.lockSchemas'] }, async (api) => {
      assertError(await api.schema('POST', 'Other', {}), 400, 119);
      assertError(await api.schema('PUT', 'Note', { fields: { x: { type: 'Number' } } }), 400, 119);
      assertError(await api.schema('DELETE', 'Note'), 400, 119);
      assertOk(await api.schema('GET', 'Note'));
      assertError(await api.update('Note', id, { x: 1 }), 400, 119);
      assertOk(await api.update('Note', id, { text: 'c' }));
      assertOk(await api.update('Note', id, { x: 1 }, { master: true }));
    });
  });
});
