// The Parse JavaScript SDK as a client: objects, their values, operators and batches.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import Parse from 'parse/node';
import { keys } from '../support/client.mjs';
import { startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
Parse.serverURL = server.url;

const Thing = Parse.Object.extend(uniqueName('SdkThing'));
const fresh = (object) => new Parse.Query(Thing).get(object.id);
const rejectsWith = (promise, code) => assert.rejects(promise, (error) => error instanceof Parse.Error && error.code === code);

describe('objects', () => {
  test('save, get, change, fetch, destroy', async () => {
    const thing = await new Thing().save({ name: 'Lamp', price: 5 });
    assert.match(thing.id, /^\w{10}$/);
    assert.ok(thing.createdAt instanceof Date && !Number.isNaN(thing.createdAt.valueOf()));
    const read = await fresh(thing);
    assert.equal(read.get('name'), 'Lamp');
    assert.deepEqual(read.createdAt, thing.createdAt);
    read.set('price', 7);
    assert.ok(read.dirty('price'));
    await read.save();
    assert.ok(!read.dirty());
    await thing.fetch();
    assert.equal(thing.get('price'), 7);
    await thing.destroy();
    await rejectsWith(fresh(thing), Parse.Error.OBJECT_NOT_FOUND);
  });

  test('values of every kind', async () => {
    const when = new Date('2020-02-29T12:34:56.789Z');
    const other = await new Thing().save({ name: 'other' });
    const thing = new Thing();
    thing.set({
      text: 'ü 漢字',
      number: 1.5,
      flag: false,
      when,
      list: [1, 'a', { b: [when] }, other],
      object: { a: { b: 1 }, when },
      place: new Parse.GeoPoint(40.5, -30),
      area: new Parse.Polygon([
        [0, 0],
        [0, 1],
        [1, 1],
      ]),
      link: other,
    });
    await thing.save();
    const read = await fresh(thing);
    assert.equal(read.get('text'), 'ü 漢字');
    assert.equal(read.get('number'), 1.5);
    assert.equal(read.get('flag'), false);
    assert.deepEqual(read.get('when'), when);
    assert.deepEqual(read.get('list')[2], { b: [when] });
    assert.ok(read.get('list')[3] instanceof Parse.Object && read.get('list')[3].id === other.id);
    assert.deepEqual(read.get('object'), { a: { b: 1 }, when });
    assert.ok(read.get('place') instanceof Parse.GeoPoint);
    assert.deepEqual([read.get('place').latitude, read.get('place').longitude], [40.5, -30]);
    assert.ok(read.get('area') instanceof Parse.Polygon);
    assert.deepEqual(read.get('area').coordinates, [
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
    assert.equal(read.get('link').id, other.id);
    assert.equal(read.get('link').get('name'), undefined);
    await read.get('link').fetch();
    assert.equal(read.get('link').get('name'), 'other');
  });

  test('bytes', async () => {
    const thing = await new Thing().save({ bytes: { __type: 'Bytes', base64: 'AAECAw==' } });
    assert.deepEqual((await fresh(thing)).get('bytes'), { __type: 'Bytes', base64: 'AAECAw==' });
  });

  test('a file is a name and a url', async () => {
    const Filed = uniqueName('SdkFiled');
    const name = '0123456789abcdef0123456789abcdef_a.png';
    const file = Parse.File.fromJSON({ __type: 'File', name, url: 'http://elsewhere.example/a.png' });
    const saved = await new Parse.Object(Filed).save({ file });
    const read = await new Parse.Query(Filed).get(saved.id);
    assert.ok(read.get('file') instanceof Parse.File);
    assert.equal(read.get('file').name(), name);
    assert.ok(read.get('file').url().endsWith(`/files/app/${name}`));
  });

  test('unset and null', async () => {
    const thing = await new Thing().save({ name: 'a', price: 1, flag: true });
    thing.unset('name');
    thing.set('flag', null);
    await thing.save();
    const read = await fresh(thing);
    assert.equal(read.has('name'), false);
    assert.ok(read.get('flag') === undefined || read.get('flag') === null);
    assert.equal(read.get('price'), 1);
  });

  test('increment, decrement, add, addUnique, remove', async () => {
    const thing = await new Thing().save({ price: 1, list: ['a'] });
    thing.increment('price');
    thing.increment('price', 10);
    await thing.save();
    assert.equal(thing.get('price'), 12);
    thing.decrement('price', 2);
    thing.add('list', 'b');
    await thing.save();
    thing.addUnique('list', 'b');
    thing.addAllUnique('list', ['c', 'a']);
    await thing.save();
    assert.deepEqual([...thing.get('list')].sort(), ['a', 'b', 'c']);
    thing.removeAll('list', ['a', 'b']);
    await thing.save();
    const read = await fresh(thing);
    assert.deepEqual(read.get('list'), ['c']);
    assert.equal(read.get('price'), 10);
  });

  test('dotted keys', async () => {
    const thing = await new Thing().save({ object: { n: 1, keep: true } });
    thing.set('object.n', 5);
    await thing.save();
    thing.increment('object.n', 2);
    await thing.save();
    assert.deepEqual((await fresh(thing)).get('object'), { n: 7, keep: true });
  });

  test('clone makes another object', async () => {
    const thing = await new Thing().save({ name: 'original', list: [1] });
    const copy = await thing.clone().save();
    assert.notEqual(copy.id, thing.id);
    assert.deepEqual([(await fresh(copy)).get('name'), (await fresh(copy)).get('list')], ['original', [1]]);
  });

  test('nested unsaved objects are saved first', async () => {
    const inner = new Thing({ name: 'inner' });
    const outer = await new Thing({ name: 'outer', link: inner }).save();
    assert.ok(inner.id);
    assert.equal((await fresh(outer)).get('link').id, inner.id);
  });

  test('ACL', async () => {
    const acl = new Parse.ACL();
    acl.setPublicReadAccess(true);
    const thing = await new Thing({ name: 'guarded', ACL: acl }).save();
    const read = await fresh(thing);
    assert.equal(read.getACL().getPublicReadAccess(), true);
    assert.equal(read.getACL().getPublicWriteAccess(), false);
    await rejectsWith(read.save({ name: 'b' }), Parse.Error.OBJECT_NOT_FOUND);
    await read.save({ name: 'by master' }, { useMasterKey: true });
    read.setACL(new Parse.ACL());
    await read.save(null, { useMasterKey: true });
    await rejectsWith(fresh(thing), Parse.Error.OBJECT_NOT_FOUND);
    assert.equal((await new Parse.Query(Thing).get(thing.id, { useMasterKey: true })).get('name'), 'by master');
  });

  test('a changed ACL keeps its users and roles', async () => {
    const acl = new Parse.ACL();
    acl.setPublicReadAccess(true);
    acl.setRoleWriteAccess('Editors', true);
    acl.setReadAccess('someUser01', true);
    const thing = await new Thing({ name: 'g', ACL: acl }).save();
    assert.ok((await fresh(thing)).getACL().equals(acl));
  });
});

describe('batches', () => {
  test('saveAll, fetchAll and destroyAll of more than one batch holds', async () => {
    const Many = uniqueName('SdkMany');
    const objects = Array.from({ length: 47 }, (_, n) => new Parse.Object(Many, { n }));
    await Parse.Object.saveAll(objects);
    assert.equal(new Set(objects.map((object) => object.id)).size, 47);
    assert.equal(await new Parse.Query(Many).count(), 47);
    for (const object of objects) object.increment('n', 100);
    await Parse.Object.saveAll(objects, { batchSize: 10 });
    const bare = objects.map((object) => Parse.Object.fromJSON({ className: Many, objectId: object.id }));
    await Parse.Object.fetchAll(bare);
    assert.deepEqual(
      bare.map((object) => object.get('n')),
      objects.map((_, n) => n + 100),
    );
    await Parse.Object.destroyAll(objects);
    assert.equal(await new Parse.Query(Many).count(), 0);
  });

  test('saveAll says which object failed', async () => {
    const Many = uniqueName('SdkFailing');
    await new Parse.Object(Many, { n: 1 }).save();
    const objects = [new Parse.Object(Many, { n: 2 }), new Parse.Object(Many, { n: 'text' }), new Parse.Object(Many, { n: 3 })];
    await rejectsWith(Parse.Object.saveAll(objects), Parse.Error.INCORRECT_TYPE);
    assert.equal(await new Parse.Query(Many).count(), 3);
  });

  test('destroyAll of what is gone is an aggregate of errors', async () => {
    const things = await Parse.Object.saveAll([new Thing(), new Thing()]);
    await things[0].destroy();
    await assert.rejects(Parse.Object.destroyAll(things), (error) => {
      assert.equal(error.code, Parse.Error.AGGREGATE_ERROR);
      assert.deepEqual(
        error.errors.map((one) => one.code),
        [Parse.Error.OBJECT_NOT_FOUND],
      );
      return true;
    });
  });
});

describe('errors', () => {
  test('carry the code of the server', async () => {
    const thing = await new Thing().save({ price: 1 });
    await rejectsWith(thing.save({ price: 'text' }), Parse.Error.INCORRECT_TYPE);
    await rejectsWith(new Parse.Query(Thing).get('doesNotEx1'), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(Parse.Object.fromJSON({ className: Thing.className, objectId: 'doesNotEx1' }).fetch(), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(new Parse.Object('bad-class').save({ a: 1 }), Parse.Error.INVALID_JSON);
  });

  test('a wrong key is refused', async () => {
    Parse.CoreManager.set('JAVASCRIPT_KEY', 'wrong');
    try {
      await assert.rejects(new Parse.Query(Thing).find(), /unauthorized/);
    } finally {
      Parse.CoreManager.set('JAVASCRIPT_KEY', keys.javascriptKey);
    }
  });

  test('are not tried again, since they are no 5xx', async () => {
    let sent = 0;
    const counting = http.createServer((request, response) => {
      sent++;
      const forwarded = http.request(server.url + request.url, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      request.pipe(forwarded);
    });
    await new Promise((resolve) => counting.listen(0, '127.0.0.1', resolve));
    try {
      Parse.serverURL = `http://127.0.0.1:${counting.address().port}`;
      const tries = [
        new Thing().save({ 'bad name': 1 }),
        new Thing().save({ price: 'text' }),
        new Parse.Query(Thing).get('doesNotEx1'),
        new Parse.Query(Thing).equalTo('$bad', 1).find(),
      ];
      const results = await Promise.allSettled(tries);
      assert.ok(results.every((result) => result.status === 'rejected'));
      assert.ok(sent >= 3 && sent <= tries.length, `${sent} requests for ${tries.length} calls`);
    } finally {
      Parse.serverURL = server.url;
      counting.close();
    }
  });
});

describe('schemas', () => {
  test('Parse.Schema makes, changes and deletes a class', async () => {
    const name = uniqueName('SdkSchema');
    const schema = new Parse.Schema(name);
    schema.addString('text').addNumber('number', { required: true, defaultValue: 3 }).addPointer('link', '_User').addRelation('rel', name);
    await schema.save();
    const stored = await new Parse.Schema(name).get();
    assert.deepEqual(stored.fields.number, { type: 'Number', required: true, defaultValue: 3 });
    assert.deepEqual(stored.fields.link, { type: 'Pointer', targetClass: '_User' });
    await new Parse.Schema(name).deleteField('text').update();
    assert.equal((await new Parse.Schema(name).get()).fields.text, undefined);
    assert.ok((await Parse.Schema.all()).some((entry) => entry.className === name));
    await new Parse.Schema(name).delete();
    await rejectsWith(new Parse.Schema(name).get(), Parse.Error.INVALID_CLASS_NAME);
  });
});
