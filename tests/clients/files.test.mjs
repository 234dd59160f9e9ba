// The Parse JavaScript SDK as a client: files and the configuration.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import Parse from 'parse/node';
import { keys } from '../support/client.mjs';
import { startOwnServer, uniqueName } from '../support/server.mjs';

const server = await startOwnServer({ args: ['--fileUpload.enableForPublic', 'true'] });
after(() => server.stop());
Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
Parse.serverURL = server.url;
const master = { useMasterKey: true };
const fetched = async (file) => Buffer.from(await (await fetch(file.url())).arrayBuffer());
const bytes = [0, 1, 2, 250, 255, 10, 13];

describe('saving', () => {
  const sources = [
    ['an array of bytes', bytes, Buffer.from(bytes)],
    ['base64', { base64: 'aGVsbG8=' }, Buffer.from('hello')],
    ['a buffer', Buffer.from(bytes), Buffer.from(bytes)],
    ['a data URL', { base64: 'data:text/plain;base64,aGVsbG8=' }, Buffer.from('hello')],
    ['a large buffer', Buffer.alloc(3_000_000, 'abc'), Buffer.alloc(3_000_000, 'abc')],
  ];
  for (const [title, source, expected] of sources) {
    test(title, async () => {
      const file = await new Parse.File('my file.txt', source, 'text/plain').save();
      assert.match(file.name(), /^[0-9a-f]{32}_my file\.txt$/);
      assert.ok(file.url().startsWith(`${server.url}/files/${keys.appId}/`));
      assert.deepEqual(await fetched(file), expected);
      const data = await Parse.File.fromJSON({ __type: 'File', name: file.name(), url: file.url() }).getData();
      assert.equal(data, expected.toString('base64'));
    });
  }

  test('a stream', async () => {
    const file = new Parse.File('stream.txt', Readable.from([Buffer.from('one '), Buffer.from('two')]), 'text/plain');
    await file.save();
    assert.deepEqual(await fetched(file), Buffer.from('one two'));
  });

  test('metadata, tags and a directory', async () => {
    for (const source of [{ base64: 'aGVsbG8=' }, Buffer.from('hello')]) {
      const file = new Parse.File('noted.txt', source, 'text/plain');
      file.setMetadata({ author: 'me' });
      file.addTag('kind', 'note');
      file.setDirectory('notes/mine');
      await file.save(master);
      assert.match(file.name(), /^notes\/mine\//);
      assert.deepEqual(await fetched(file), Buffer.from('hello'));
      const metadata = await (await fetch(file.url().replace(`/files/${keys.appId}/`, `/files/${keys.appId}/metadata/`))).json();
      assert.deepEqual(metadata, { metadata: { author: 'me' }, tags: { kind: 'note' } });
    }
  });

  test('refusals come back as errors, at once', async () => {
    const before = Date.now();
    await assert.rejects(
      new Parse.File('page.html', { base64: 'PGI+' }, 'text/html').save(),
      (error) => error.code === Parse.Error.FILE_SAVE_ERROR && /extension html is disabled/.test(error.message),
    );
    await assert.rejects(new Parse.File('bad$name.txt', { base64: 'YQ==' }).save(), (error) => error.code === Parse.Error.INVALID_FILE_NAME);
    assert.ok(Date.now() - before < 1000, 'the SDK sent the request again');
  });
});

test('a file in an object', async () => {
  const Document = Parse.Object.extend(uniqueName('SdkDocument'));
  const file = await new Parse.File('a.txt', { base64: 'aGVsbG8=' }, 'text/plain').save();
  const document = await new Document().save({ file });
  const read = await new Parse.Query(Document).get(document.id);
  assert.ok(read.get('file') instanceof Parse.File);
  assert.equal(read.get('file').name(), file.name());
  assert.equal(read.get('file').url(), file.url());
  assert.deepEqual(await fetched(read.get('file')), Buffer.from('hello'));
  const unsaved = new Parse.File('with.txt', { base64: 'aGk=' }, 'text/plain');
  const other = await new Document().save({ file: unsaved });
  assert.deepEqual(await fetched((await new Parse.Query(Document).get(other.id)).get('file')), Buffer.from('hi'));
});

test('destroy', async () => {
  const file = await new Parse.File('gone.txt', { base64: 'aGVsbG8=' }, 'text/plain').save();
  await file.destroy(master);
  assert.equal((await fetch(file.url())).status, 404);
});

describe('config', () => {
  test('save and get', async () => {
    const when = new Date('2020-02-29T12:00:00.000Z');
    await Parse.Config.save({ text: 'a', when, place: new Parse.GeoPoint(1, 2), secret: 's' }, { secret: true });
    const seen = await Parse.Config.get();
    assert.equal(seen.get('text'), 'a');
    assert.deepEqual(seen.get('when'), when);
    assert.ok(seen.get('place') instanceof Parse.GeoPoint);
    assert.equal(seen.get('secret'), undefined);
    assert.equal((await Parse.Config.get(master)).get('secret'), 's');
  });
});
