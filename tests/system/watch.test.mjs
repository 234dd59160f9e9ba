// The option watch: class definitions and fixtures follow their files while the server runs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer, temporaryFolder, until } from '../support/server.mjs';

const skip = ownServerOnly;

const definition = (...fields) => ({
  className: 'Note',
  fields: Object.fromEntries(fields.map((name) => [name, { type: 'String' }])),
  classLevelPermissions: { find: { '*': true }, get: { '*': true } },
});
const row = (objectId, text) => ({ objectId, text });

// A server that watches a folder with schema/note.json and fixtures/Note.json.
async function watched(context, { args = [], work = (server) => server } = {}) {
  const folder = temporaryFolder();
  const schema = path.join(folder, 'schema');
  const fixtures = path.join(folder, 'fixtures');
  for (const name of [schema, fixtures]) fs.mkdirSync(name);
  const files = { definitions: path.join(schema, 'note.json'), rows: path.join(fixtures, 'Note.json') };
  fs.writeFileSync(files.definitions, JSON.stringify(definition('text')));
  fs.writeFileSync(files.rows, JSON.stringify([row('aaaaaaaaaa', 'first'), row('bbbbbbbbbb', 'second')]));
  const server = await startOwnServer({ schema: work(schema), fixtures, args: ['--watch', ...args] });
  context.after(() => server.kill());
  const lines = (pattern) => server.stderr().split('\n').filter((line) => pattern.test(line));
  return {
    ...server,
    ...files,
    schemaFolder: schema,
    lines,
    // The line that the log gets for a change.
    said: async (pattern) => (await until(() => lines(pattern).length > 0 && lines(pattern), { what: `${pattern} in ${server.stderr()}` })).at(-1),
    fields: async () => Object.keys(assertOk(await server.api.schema('GET', 'Note')).fields),
    texts: async () => assertOk(await server.api.find('Note', { order: 'objectId' })).results.map((found) => found.text),
  };
}

const write = (file, content) => fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));

// As most editors save: a new file that takes the old one's name.
function replace(file, content) {
  write(`${file}~`, content);
  fs.renameSync(`${file}~`, file);
}

describe('class definitions', { skip }, () => {
  for (const [how, save] of Object.entries({ 'written in place': write, 'renamed over the old file': replace })) {
    test(`follow a file that is ${how}`, async (context) => {
      const server = await watched(context);
      assert.ok(!(await server.fields()).includes('author'));
      save(server.definitions, definition('text', 'author'));
      assert.match(await server.said(/Reloaded class definitions/), /definitions: \S*note\.json$/);
      assert.ok((await server.fields()).includes('author'));
      assert.equal(server.lines(/Reloaded/).length, 1, server.stderr());
    });
  }

  test('follow a new file in the folder, one that was named, and a folder that is made anew', async (context) => {
    const server = await watched(context);
    write(path.join(server.schemaFolder, 'tag.json'), { className: 'Tag', fields: {} });
    await server.said(/Reloaded class definitions: \S*tag\.json$/);
    assertOk(await server.api.schema('GET', 'Tag'));

    fs.renameSync(server.schemaFolder, `${server.schemaFolder}-old`);
    fs.mkdirSync(server.schemaFolder);
    write(server.definitions, definition('text', 'anew'));
    await server.said(/Reloaded class definitions: \S*note\.json$/);
    replace(server.definitions, definition('text', 'anew', 'again'));
    await until(async () => (await server.fields()).includes('again'), { what: 'the field of the second save' });

    const single = await watched(context, { work: (schema) => path.join(schema, 'note.json') });
    replace(single.definitions, definition('text', 'single'));
    await single.said(/Reloaded class definitions/);
    assert.ok((await single.fields()).includes('single'));
  });

  test('follow the target of a link', async (context) => {
    const target = path.join(temporaryFolder(), 'shared.json');
    write(target, { className: 'Shared', fields: {} });
    const server = await watched(context, {
      work: (schema) => {
        fs.symlinkSync(target, path.join(schema, 'shared.json'));
        return schema;
      },
    });
    write(target, { className: 'Shared', fields: { far: { type: 'Number' } } });
    await server.said(/Reloaded class definitions: \S*shared\.json$/);
    assert.ok('far' in assertOk(await server.api.schema('GET', 'Shared')).fields);
  });

  test('stay as they are when a file is broken, and the mistake is named', async (context) => {
    const server = await watched(context);
    write(server.definitions, '{"className": "Note",\n "fields": {"text": {"type": "String"},, "author": {"type": "String"}}}');
    assert.match(await server.said(/stay as they are/), /note\.json:2:40: .*\(the classes stay as they are\)$/);
    assert.deepEqual(await server.texts(), ['first', 'second']);
    assert.ok(!(await server.fields()).includes('author'));

    write(server.definitions, { ...definition('text'), fields: { text: { type: 'Nothing' } } });
    assert.match(await server.said(/Nothing/), /note\.json:1:1: class Note: invalid field type: Nothing/);
    write(server.definitions, '[{"className": "Fine", "fields": {"a": {"type": "String", "defaultValue": "\\"{"}}},\n  {"className": "Note", "fields": {"n": {"type": "Void"}}}]');
    assert.match(await server.said(/Void/), /note\.json:2:3: class Note: invalid field type: Void/);
    const listed = JSON.stringify({ definitions: [{ className: 'Fine', fields: {} }, { className: 'No name' }] });
    write(server.definitions, listed);
    const column = listed.lastIndexOf('{"className"') + 1;
    assert.match(await server.said(/No name/), new RegExp(`note\\.json:1:${column}: class No name: `));

    write(server.definitions, definition('text', 'author'));
    await server.said(/Reloaded class definitions/);
    assert.ok((await server.fields()).includes('author'));
  });

  test('are applied as at the start', async (context) => {
    const server = await watched(context, { args: ['--schema.deleteExtraFields', 'true'] });
    write(server.definitions, definition('text', 'author'));
    await until(async () => (await server.fields()).includes('author'), { what: 'the new field' });
    write(server.definitions, definition('text'));
    await until(async () => !(await server.fields()).includes('author'), { what: 'the end of the field' });
  });
});

describe('fixtures', { skip }, () => {
  test('are imported again when their file has changed', async (context) => {
    const server = await watched(context);
    replace(server.rows, [row('aaaaaaaaaa', 'first again'), row('cccccccccc', 'third')]);
    assert.match(await server.said(/Reloaded fixtures/), /Reloaded fixtures: Note 1 added, 1 changed$/);
    assert.deepEqual(await server.texts(), ['first again', 'second', 'third']);
  });

  test('of mode replace, also lose what the file has lost', async (context) => {
    const server = await watched(context, { args: ['--mode', 'replace'] });
    write(server.rows, [row('bbbbbbbbbb', 'second')]);
    assert.match(await server.said(/Reloaded fixtures/), /Reloaded fixtures: Note 1 removed$/);
    assert.deepEqual(await server.texts(), ['second']);
  });

  test('that are broken change nothing, and the mistake is named', async (context) => {
    const server = await watched(context);
    write(server.rows, '[\n  {"objectId": "aaaaaaaaaa", "text": "new"},\n  {"objectId": "bbbbbbbbbb", "text": }\n]');
    assert.match(await server.said(/stay as they are/), /Note\.json:3:38: .*\(the fixtures stay as they are\)$/);
    assert.deepEqual(await server.texts(), ['first', 'second']);

    write(server.rows, [row('aaaaaaaaaa', 5)]);
    assert.match(await server.said(/Note\.json:1:\d+: .*text/), /stay as they are/);
    assert.deepEqual(await server.texts(), ['first', 'second']);
  });

  test('and class definitions that are saved together come together', async (context) => {
    const server = await watched(context);
    write(server.rows, [{ ...row('aaaaaaaaaa', 'first'), at: { __type: 'Date', iso: '2026-01-02T03:04:05.000Z' } }]);
    write(server.definitions, { ...definition('text'), fields: { text: { type: 'String' }, at: { type: 'Date' } } });
    await server.said(/Reloaded fixtures/);
    await server.said(/Reloaded class definitions/);
    assert.equal(assertOk(await server.api.get('Note', 'aaaaaaaaaa')).at.__type, 'Date');
  });
});

test('what was saved with the same content is left alone, and so is what clients changed', { skip }, async (context) => {
  const server = await watched(context);
  assertOk(await server.api.update('Note', 'aaaaaaaaaa', { text: 'by a client' }, { master: true }));
  replace(server.rows, fs.readFileSync(server.rows, 'utf8'));
  replace(server.definitions, fs.readFileSync(server.definitions, 'utf8'));
  write(path.join(server.schemaFolder, 'tag.json'), { className: 'Tag', fields: {} });
  await server.said(/Reloaded class definitions: \S*tag\.json$/);
  assert.deepEqual(await server.texts(), ['by a client', 'second']);
  assert.equal(server.lines(/Reloaded/).length, 1, server.stderr());
});

test('a reset by a test goes back to what was reloaded', { skip }, async (context) => {
  const server = await watched(context, { args: ['--test-controls', 'true', '--mode', 'replace'] });
  const reset = async () => assertOk(await server.api.request('POST', '/_test/reset', {}, { master: true }));
  replace(server.rows, [row('aaaaaaaaaa', 'new')]);
  replace(server.definitions, definition('text', 'author'));
  await server.said(/Reloaded fixtures/);
  await server.said(/Reloaded class definitions/);
  for (let round = 0; round < 2; ++round) {
    assertOk(await server.api.update('Note', 'aaaaaaaaaa', { text: 'by a client' }, { master: true }));
    await reset();
    assert.deepEqual(await server.texts(), ['new']);
    assert.ok((await server.fields()).includes('author'));
  }
});

test('the start says what is watched, and refuses to watch nothing', { skip }, async (context) => {
  const server = await watched(context);
  assert.match(server.stdout(), /watching \S*schema, \S*fixtures/);
  const { code, stderr } = await runParsimony(['serve', '--port', '0', '--watch']);
  assert.equal(code, 2);
  assert.match(stderr, /nothing to watch.*--schema/);
});
