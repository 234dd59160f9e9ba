// Handlers of live queries: they are kept until somebody subscribes; what Parse Server refuses is refused when the code loads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

test('handlers of live queries are registered with their validators', async () => {
  const { loadError, registered, logs } = await startCloud(`
    Parse.Cloud.beforeConnect(() => {}, { requireUser: true });
    Parse.Cloud.beforeSubscribe('Order', () => {}, { requireUser: true, fields: ['a'] });
    Parse.Cloud.beforeSubscribe(Parse.User, () => {});
    Parse.Cloud.beforeSubscribe(class Item extends Parse.Object { constructor() { super('Item'); } static className = 'Item' }, () => {});
    Parse.Cloud.afterLiveQueryEvent('Order', () => {}, () => {});
    Parse.Cloud.onLiveQueryEvent(() => {});
    Parse.Cloud.onLiveQueryEvent(() => {});`);
  assert.equal(loadError, undefined);
  assert.deepEqual(logs, []);
  assert.deepEqual(
    registered.map(({ kind, name, className, requireUser }) => [kind, name, className, requireUser]),
    [
      ['trigger', 'beforeConnect', '@Connect', true],
      ['trigger', 'beforeSubscribe', 'Order', true],
      ['trigger', 'beforeSubscribe', '_User', undefined],
      ['trigger', 'beforeSubscribe', 'Item', undefined],
      ['trigger', 'afterEvent', 'Order', undefined],
      ['trigger', 'onLiveQueryEvent', '', undefined],
      ['trigger', 'onLiveQueryEvent', '', undefined],
    ],
  );
});

const refused = [
  [`beforeConnect(() => {}, { requireLogin: true })`, 'requireLogin is not a supported parameter for Cloud Function validations.'],
  [
    `beforeConnect(() => {}, { requireUser: 'yes' })`,
    'Invalid type for Cloud Function validation key requireUser. Expected boolean, actual string',
  ],
  [`beforeSubscribe('Order', () => {}, { fields: 5 })`, 'Invalid type for Cloud Function validation key fields. Expected array|object, actual number'],
  [`beforeSubscribe('_Session', () => {})`, 'Only the afterLogout trigger is allowed for the _Session class.'],
  [`afterLiveQueryEvent('_Session', () => {})`, 'Only the afterLogout trigger is allowed for the _Session class.'],
  [`afterLiveQueryEvent('Order', () => {}, { requireMaster: 1 })`, 'Invalid type for Cloud Function validation key requireMaster. Expected boolean, actual number'],
  [`beforeConnect('Order')`, "Parse.Cloud.beforeConnect('@Connect') needs a function as its handler."],
  [`beforeSubscribe(() => {})`, /needs a (name|function)/],
  [`onLiveQueryEvent()`, 'Parse.Cloud.onLiveQueryEvent needs a function as its handler.'],
];
for (const [call, text] of refused) {
  test(`${call} is refused`, async () => {
    const { loadError } = await startCloud(`Parse.Cloud.${call};`);
    if (text instanceof RegExp) assert.match(loadError.message, text);
    else assert.equal(loadError.message, text);
    assert.match(loadError.stack, /main\.js:1:/);
  });
}
