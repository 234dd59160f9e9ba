// `parsimony cloud test` runs this on a server of its own, with the classes, rows and code of this project.
const assert = require('node:assert/strict');

describe('Cloud Code', () => {
  it('greets', async () => {
    assert.equal(await Parse.Cloud.run('hello', { name: 'Ann' }), 'Hello, Ann!');
  });

  it('refuses a task without a title', async () => {
    const task = new Parse.Object('Task', { title: ' ' });
    await assert.rejects(task.save(null, { useMasterKey: true }), { message: 'A task needs a title.' });
  });
});
