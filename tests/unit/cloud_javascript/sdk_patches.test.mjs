// What the build changes in the SDK (sdk_patches.mjs) does what the SDK as published does: the same code in both, with the same outcome.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const published = createRequire(import.meta.url)('parse/node');
published.initialize('app', 'js');
published.Object.disableSingleInstance();

/* Each gets the SDK and returns what JSON can hold. */
const kCases = {
  dates: (Parse) =>
    [
      '2024-02-29T12:34:56.789Z',
      '2024-02-29T12:34:56Z',
      '2024-2-9T1:2:3Z',
      '2024-02-29T12:34:56.7Z',
      '2024-13-29T12:34:56.789Z',
      '2024-02-30T12:34:56.789Z',
      '0001-01-01T00:00:00.000Z',
      '2024-02-29T24:00:00.000Z',
      '2024-02-29T12:34:60.000Z',
      '2024-02-29T12:34:56.abcZ',
      '2024-02-29t12:34:56.789Z',
      '+12024-02-29T12:34:56.789Z',
      'yesterday',
      '',
    ].map((text) => {
      const object = Parse.Object.fromJSON({ className: 'A', objectId: 'a', createdAt: text });
      const both = [object.createdAt, object.updatedAt].map((date) => (date instanceof Date ? date.getTime() : (date ?? null)));
      return [text, ...both, object.dirty()];
    }),

  values: (Parse) => {
    const object = Parse.Object.fromJSON({
      __type: 'Object',
      className: 'A',
      objectId: 'a',
      createdAt: '2024-01-01T00:00:00.000Z',
      text: '',
      zero: 0,
      no: false,
      nothing: null,
      undefined: undefined,
      at: { __type: 'Date', iso: '2024-01-01T00:00:00Z' },
      list: [1, { a: [2] }, { __type: 'Date', iso: '2024-01-01T00:00:00.000Z' }],
      nested: { a: { b: null }, constructor: 1 },
      place: { __type: 'GeoPoint', latitude: 1, longitude: 2 },
      other: { __type: 'Pointer', className: 'B', objectId: 'b' },
      whole: { __type: 'Object', className: 'B', objectId: 'b', n: 1 },
      many: { __type: 'Relation', className: 'B' },
      file: { __type: 'File', name: 'f', url: 'http://f' },
      ACL: { '*': { read: true } },
      'dotted.name': 1,
      'list.0': 'first',
      constructor: 'odd',
      prototype: 'odd',
    });
    return {
      json: object.toJSON(),
      full: object._toFullJSON(),
      save: object._getSaveJSON(),
      dirty: [object.dirty(), object.dirtyKeys()],
      parent: object.get('many').parent === object && object.get('many').key,
      seen: ['text', 'zero', 'no', 'nothing', 'missing', 'constructor', 'toString', '__proto__', 'hasOwnProperty'].map((name) => [
        name,
        object.get(name) ?? null,
        object.has(name),
      ]),
      acl: object.getACL().getPublicReadAccess(),
      existed: object.existed(),
    };
  },

  changes: (Parse) => {
    const object = Parse.Object.fromJSON({ className: 'A', objectId: 'a', n: 1, nested: { a: 1 }, at: { __type: 'Date', iso: '2024-01-01T00:00:00.000Z' } });
    const steps = [[object.dirtyKeys(), object.get('n')]];
    object.get('at').setFullYear(2030);
    steps.push(object.dirtyKeys());
    object.get('nested').a = 2;
    steps.push(object.dirtyKeys().sort());
    object.set('n', 5);
    object.set('nested.b', 3);
    object.increment('m');
    steps.push([object.get('n'), object.get('nested'), object.get('m'), object._getSaveJSON()]);
    object.revert('n');
    object.unset('m');
    steps.push([object.get('n'), object.get('m') ?? null, object.dirtyKeys().sort()]);
    object._finishFetch({ n: 7, className: 'C', at: undefined, fresh: [1] });
    steps.push([object.toJSON(), object.get('n'), object.className]);
    steps.push(object.clone().toJSON());
    return steps;
  },

  fromJSON: (Parse) => {
    const json = { className: 'A', objectId: 'a', n: 1, list: [1] };
    const dirty = Parse.Object.fromJSON(json, false, true);
    const override = Parse.Object.fromJSON(json, true);
    const user = Parse.Object.fromJSON({ className: '_User', objectId: 'u', username: 'x', sessionToken: 'r:1' });
    class Own extends Parse.Object {
      constructor() {
        super('Own');
      }
    }
    Parse.Object.registerSubclass('Own', Own);
    const own = Parse.Object.fromJSON({ className: 'Own', objectId: 'o', n: 1 });
    return [
      [dirty.dirtyKeys().sort(), dirty.toJSON(), override.dirtyKeys(), override.toJSON(), json],
      [user instanceof Parse.User, user.getSessionToken(), user.toJSON()],
      [own instanceof Own, own.toJSON(), Own.fromJSON({ className: 'Own', objectId: 'p' }).id],
    ];
  },

  unique: (Parse) => {
    const pointer = (className, id) => Parse.Object.fromJSON({ className, objectId: id });
    const unsaved = new Parse.Object('A');
    const one = pointer('A', 'a');
    const values = [1, '1', 1, 0, -0, null, null, 'a', one, one, pointer('A', 'a'), pointer('B', 'a'), unsaved, unsaved];
    const { _value: kept } = new Parse.Op.AddUnique(values);
    return [kept.length, kept.map((value) => (value instanceof Parse.Object ? [value.className, value.id ?? 'new', value === one] : value))];
  },

  encode: (Parse) =>
    [null, 0, '', 'a', true, undefined, [1, null, [undefined]], { a: { b: 1 } }, new Date(0), /a+/g, { constructor: 1, a: 2 }].map(
      (value) => Parse._encode(value) ?? null,
    ),
};

for (const [name, run] of Object.entries(kCases)) {
  test(name, async () => {
    const cloud = await startCloud(`Parse.Cloud.define('f', () => JSON.stringify((${run.toString()})(Parse)));`);
    const { result, error } = await cloud.call('function', 'f');
    assert.equal(error, undefined, JSON.stringify(error));
    assert.deepEqual(JSON.parse(result.result), JSON.parse(JSON.stringify(run(published))));
  });
}
