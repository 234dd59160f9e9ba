// `parsimony cloud test`: the tests of a project's Cloud Code, run by the executable alone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { ownServerOnly, runParsimony, temporaryFolder } from '../support/server.mjs';

const skip = ownServerOnly;

const kProject = {
  'parsimony.json': JSON.stringify({
    appId: 'shop',
    profile: 'dev',
    port: 1337,
    schema: './schema',
    fixtures: './fixtures',
    cloud: './cloud/main.js',
    cloudEnvFile: './cloud.env',
    restAPIKey: 'only-this-key',
  }),
  'schema/Order.json': JSON.stringify({
    className: 'Order',
    fields: { qty: { type: 'Number' } },
    classLevelPermissions: { find: {}, create: { '*': true }, get: { '*': true } },
  }),
  'fixtures/Order.json': '[{"objectId":"aaaaaaaaaa","qty":5}]',
  'cloud.env': 'SECRET=known\n',
  'cloud/main.js': `const { sum } = require('./lib/sum');
    Parse.Cloud.define('total', async () => sum((await new Parse.Query('Order').find({ useMasterKey: true })).map((each) => each.get('qty'))));
    Parse.Cloud.define('secret', () => process.env.SECRET);
    Parse.Cloud.beforeSave('Order', ({ object }) => {
      if (!(object.get('qty') > 0)) throw new Parse.Error(Parse.Error.VALIDATION_ERROR, 'qty must be at least 1');
    });`,
  'cloud/lib/sum.js': 'exports.sum = (numbers) => numbers.reduce((a, b) => a + b, 0);',
};

// Runs the command in a project with these files.
async function testing(files, args = [], project = kProject) {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries({ ...project, ...files })) {
    fs.mkdirSync(path.join(cwd, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(cwd, name), text, { mode: 0o600 });
  }
  const result = await runParsimony(['cloud', 'test', ...args], { cwd });
  return { ...result, cwd, all: result.stdout + result.stderr };
}

// Twice the same, since each file must find the data of the start.
const kPassing = `
  const assert = require('node:assert/strict');
  const { sum } = require('./lib/sum');
  describe('orders', () => {
    it('are summed up by a module', () => assert.equal(sum([1, 2]), 3));
    it('are summed up by the function', async () => {
      assert.equal(await Parse.Cloud.run('total'), 5);
      await new Parse.Object('Order', { qty: 2 }).save();
      assert.equal(await Parse.Cloud.run('total'), 7);
    });
    it('have a quantity', () => assert.rejects(new Parse.Object('Order', { qty: 0 }).save(), { code: 142, message: 'qty must be at least 1' }));
    it('are found with the master key only', async () => {
      await assert.rejects(new Parse.Query('Order').find(), { code: 119 });
      assert.equal((await new Parse.Query('Order').get('aaaaaaaaaa', { useMasterKey: true })).get('qty'), 5);
    });
    it('know the environment', async () => assert.equal(await Parse.Cloud.run('secret'), 'known'));
    it('belong to users', async () => {
      const user = await Parse.User.signUp('ada', 'secret');
      const sessionToken = user.getSessionToken();
      await user.save({ name: 'Ada' }, { sessionToken });
      assert.equal((await Parse.User.me(sessionToken)).get('name'), 'Ada');
      await assert.rejects(user.save({ name: 'Eve' }), { code: 206 });
    });
  });`;

describe('parsimony cloud test', { skip }, () => {
  test('runs all files against the project, each with the data of the start, and ends with 0', async () => {
    const { code, stdout, all } = await testing({ 'cloud/a.test.js': kPassing, 'cloud/b.test.cjs': kPassing });
    assert.equal(code, 0, all);
    assert.match(stdout, /^cloud\/a\.test\.js\n {2}orders\n {4}✓ are summed up by a module \(\d+ ms\)$/m);
    assert.match(stdout, /^cloud\/b\.test\.cjs$/m);
    assert.match(stdout, /^12 passed, 0 failed, 0 skipped$/m);
  });

  test('ends with 1 when a test fails, and tells where', async () => {
    const source = [
      `const assert = require('assert');`,
      `it('passes', () => {});`,
      `it('fails', async () => {`,
      `  await null;`,
      `  assert.deepEqual({ a: [1] }, { a: [2] }, 'not the same');`,
      `});`,
      `it('throws a text', () => { throw 'some text'; });`,
      `it('takes long', { timeout: 50 }, () => new Promise(() => {}));`,
      `it('is never done', { timeout: 50 }, (t, done) => {});`,
      `it('is done with an error', (t, done) => setTimeout(() => done(new Error('from done')), 1));`,
      `it('is done', (t, done) => setTimeout(done, 1));`,
      `it('fails in the server', () => Parse.Cloud.run('nothing'));`,
    ];
    const { code, stdout } = await testing({ 'cloud/x.test.js': source.join('\n') });
    assert.equal(code, 1, stdout);
    assert.match(stdout, /✗ fails \(\d+ ms\) cloud\/x\.test\.js:3:\d+\n +AssertionError: not the same\n +at .*\(?cloud\/x\.test\.js:5:\d+\)?/);
    assert.match(stdout, /✗ throws a text .*\n +'some text' was thrown/);
    assert.match(stdout, /✗ takes long \(\d+ ms\) cloud\/x\.test\.js:8:\d+\n +Error: took longer than 0\.05 s/);
    assert.match(stdout, /✗ is never done/);
    assert.match(stdout, /✗ is done with an error .*\n +Error: from done/);
    assert.match(stdout, /✗ fails in the server .*\n +ParseError: 141 Invalid function: "nothing"/);
    assert.match(stdout, /^2 passed, 6 failed, 0 skipped$/m);
  });

  test('runs hooks around tests and suites, in the order of node:test', async () => {
    const { code, stdout, all } = await testing({
      'cloud/hooks.test.mjs': `
        import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
        import assert from 'node:assert/strict';
        const log = [];
        const note = (text) => async () => void log.push(text);
        before(note('B'));
        beforeEach(note('e'));
        afterEach(note('E'));
        after(() => assert.equal(log.join(' '), 'B e 1 E b e i 2 x I E e i I E a'));
        it('first', note('1'));
        describe('inner', () => {
          before(note('b'));
          beforeEach(note('i'));
          afterEach(note('I'));
          after(note('a'));
          it('second', (t) => { t.after(note('x')); log.push('2'); });
          it('third', (t) => { t.diagnostic('a word'); t.skip('no need'); });
        });
        describe.skip('left out', () => { before(note('never')); it('fourth', note('4')); });
        it.todo('fifth');`,
      'cloud/broken.test.js': `
        describe('cannot begin', () => { before(() => { throw new Error('no ground'); }); it('a', () => {}); describe('b', () => it('c', () => {})); });
        describe('cannot end', () => { it('d', () => {}); after(() => { throw new Error('no end'); }); });`,
    });
    assert.equal(code, 1, all);
    assert.match(stdout, /cloud\/broken\.test\.js\n[^]*before cannot begin[^]*Error: no ground[^]*- a: skipped, its suite could not begin[^]*- c: skipped/);
    assert.match(stdout, /✓ d .*\n +✗ after cannot end/);
    assert.match(stdout, /# a word\n +- third: skipped, no need/);
    assert.match(stdout, /^3 passed, 2 failed, 5 skipped$/m, 'and the order of the hooks is right');
  });

  test('runs only what is wanted', async () => {
    const files = {
      'cloud/a.test.js': `describe('one', () => { it('red', () => {}); it('blue', () => {}); }); it('red alone', () => {});`,
      'cloud/deep/er/b.test.mjs': `it('green', () => { throw 1; });`,
    };
    const filtered = await testing(files, ['--filter', 'red']);
    assert.equal(filtered.code, 0, filtered.all);
    assert.match(filtered.stdout, /^2 passed, 0 failed, 0 skipped$/m);
    const inFolder = await testing(files, ['cloud/deep']);
    assert.match(inFolder.stdout, /^0 passed, 1 failed, 0 skipped$/m);
    const only = await testing({ 'cloud/a.test.js': `it('not', () => { throw 1; }); it.only('this', () => {}); describe.only('all', () => { it('of it', () => {}); });` });
    assert.match(only.stdout, /^2 passed, 0 failed, 0 skipped$/m);
    const none = await testing(files, ['--filter', 'purple']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /no test whose name has "purple" in it has run/);
  });

  test('goes on after a file that does not load, and after tests that run for ever or take all memory', async () => {
    const { code, stdout, all } = await testing(
      {
        'cloud/1.test.js': 'let a = 1;\nlet b = ;',
        'cloud/2.test.js': `it('endless', () => { while (true); });\nit('behind', () => Parse.Cloud.run('total'));`,
        'cloud/3.test.js': `it('greedy', () => { const all = []; for (;;) all.push(new Array(1e6).fill(1)); });\nit('behind', () => Parse.Cloud.run('total'));`,
        'cloud/4.test.js': `it('is fine', () => {});`,
      },
      ['--cloudBlockLimit', '1', '--cloudMemoryLimit', '32mb'],
    );
    assert.equal(code, 1, all);
    assert.match(stdout, /cloud\/1\.test\.js\n +cloud\/1\.test\.js:2:9: SyntaxError/);
    assert.match(stdout, /✗ endless .*cloud\/2\.test\.js:1:\d+\n +InternalError: interrupted/);
    assert.match(stdout, /- behind: skipped, a test before it has met a limit/);
    assert.match(stdout, /✗ greedy .*\n +InternalError: out of memory[^]*- behind: skipped, a test before it has met a limit\ncloud\/4/);
    assert.match(stdout, /✓ is fine/);
  });

  test('says what is missing', async () => {
    const noTests = await testing({});
    assert.equal(noTests.code, 1);
    assert.match(noTests.stderr, /there is no \*\.test\.js in \./);
    const noFolder = await testing({}, ['nowhere']);
    assert.match(noFolder.stderr, /there is no folder nowhere/);
    const other = await runParsimony(['cloud', 'tset']);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /there is: parsimony cloud test/);
    const broken = await testing({ 'cloud/main.js': 'let = ;', 'cloud/a.test.js': '' });
    assert.notEqual(broken.code, 0);
    assert.match(broken.stderr, /cloud\/main\.js:1:\d+: SyntaxError/);
    const badTime = await testing({ 'a.test.js': '' }, ['--timeout', 'soon']);
    assert.match(badTime.stderr, /--timeout is a number of seconds/);
  });

  test('leaves the data of the project alone, and packages and hidden folders unvisited', async () => {
    const { code, all, cwd, stdout } = await testing({
      'a.test.js': `it('runs', () => new Parse.Object('Order', { qty: 1 }).save());`,
      'node_modules/p/b.test.js': 'throw 1;',
      '.hidden/c.test.js': 'throw 1;',
      'parsimony-data/d.test.js': 'throw 1;',
    });
    assert.equal(code, 0, all);
    assert.match(stdout, /^1 passed/m);
    assert.deepEqual(fs.readdirSync(path.join(cwd, 'parsimony-data')), ['d.test.js']);
  });
});
