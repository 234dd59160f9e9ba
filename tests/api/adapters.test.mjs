// Modules that options name: emailAdapter, passwordPolicy.validatorCallback, and what is wrong with them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { configFile, startWithModules } from '../support/auth_modules.mjs';
import { startCloud } from '../support/cloud.mjs';
import { outputWith, ownServerOnly, runParsimony, temporaryFolder } from '../support/server.mjs';

const mail = `
  const sent = [];
  module.exports = ({ from, fails }) => ({
    sendMail: async (mail) => { if (mail.to === fails) throw new Error('no such box'); sent.push(mail); return { from, count: sent.length, mail }; },
  });`;
const main = `Parse.Cloud.define('send', ({ params }) => Parse.Cloud.sendEmail(params));`;
const call = (server, name, params) => server.api.request('POST', `/functions/${name}`, params ?? {});
const message = { to: 'a@b.c', subject: 's', text: 't' };

describe('emailAdapter', { skip: ownServerOnly }, () => {
  test('sends what Cloud Code gives it', async () => {
    const emailAdapter = { module: './mail.js', options: { from: 'x@y.z', fails: 'bad' } };
    const good = await startCloud(main, { args: ['--config', configFile({ emailAdapter }, { 'mail.js': mail })] });
    assert.deepEqual(assertOk(await good.call('send', message)).result, { from: 'x@y.z', count: 1, mail: message });
    assert.equal(assertOk(await good.call('send', message)).result.count, 2);
    assertError(await good.call('send', { to: 'bad' }), 400, 141, 'no such box');
    await good.stop();
  });

  test('may be a path by itself, a class, an ES module or a package', async () => {
    const sends = `sendMail(mail) { return mail.to; }`;
    const folder = temporaryFolder();
    const write = (name, text) => {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    };
    write('plain.js', `module.exports = { ${sends} };`);
    write('class.js', `module.exports = class { ${sends} };`);
    write('es.mjs', `await null; export default { ${sends} };`);
    write('node_modules/my-mail/package.json', '{"main":"lib/index.js"}');
    write('node_modules/my-mail/lib/index.js', `module.exports = require('./other');`);
    write('node_modules/my-mail/lib/other.js', `exports.default = () => ({ ${sends} });`);
    for (const module of ['./plain.js', 'plain.js', path.join(folder, 'class.js'), './es.mjs', 'my-mail']) {
      write('config.json', JSON.stringify({ emailAdapter: module }));
      const server = await startCloud(main, { args: ['--config', path.join(folder, 'config.json')] });
      assert.equal(assertOk(await server.call('send', message)).result, 'a@b.c', module);
      await server.stop();
    }
    for (const name of ['config.json', './config.json']) {
      const server = await startCloud(main, { cwd: folder, args: ['--config', name] });
      assert.equal(assertOk(await server.call('send', message)).result, 'a@b.c', name);
      await server.stop();
    }
    const flag = await startCloud(main, { args: ['--emailAdapter', path.join(folder, 'plain.js')] });
    assert.equal(assertOk(await flag.call('send', message)).result, 'a@b.c');
    await flag.stop();
  });

  test('without one, sending is logged and resolves, as in Parse Server', async () => {
    const server = await startCloud(main);
    assert.deepEqual(assertOk(await server.call('send', message)), {});
    await outputWith(server, /Failed to send email because no mail adapter is configured for Parse Server\./);
    await server.stop();
  });
});

describe('passwordPolicy.validatorCallback', { skip: ownServerOnly }, () => {
  const code = `module.exports = async (password) => { if (password === 'broken') throw new Error('it broke'); return password.length > 5; };`;
  const signUp = (server, username, password) => server.api.request('POST', '/users', { username, password });
  const refusal = 'Password does not meet the Password Policy requirements.';

  test('judges beside the pattern, at sign-ups and changes', async () => {
    const server = await startWithModules(
      { passwordPolicy: { validatorCallback: './good.js', validatorPattern: '^[a-z]+$' } },
      { 'good.js': code },
    );
    assertError(await signUp(server, 'a', 'short'), 400, 142, refusal);
    assertError(await signUp(server, 'a', 'LONGENOUGH'), 400, 142, refusal);
    assertError(await signUp(server, 'a', 'broken'), 400, 141, 'it broke');
    const { objectId, sessionToken } = assertStatus(await signUp(server, 'a', 'longenough'), 201);
    const change = (password) =>
      server.api.request('PUT', `/users/${objectId}`, { password }, { headers: { 'X-Parse-Session-Token': sessionToken } });
    assertError(await change('short'), 400, 142, refusal);
    assertOk(await change('another'));
    await server.stop();
  });

  test('has the words of the policy', async () => {
    const passwordPolicy = { validatorCallback: { module: './good.js' }, validationError: 'Longer, please.' };
    const server = await startWithModules({ passwordPolicy }, { 'good.js': code });
    assertError(await signUp(server, 'a', 'short'), 400, 142, 'Longer, please.');
    assertError(await call(server, 'none'), 400, 141, 'Invalid function: "none"');
    await server.stop();
  });
});

test('push.adapter is loaded with its options, and nothing calls it yet', { skip: ownServerOnly }, async () => {
  const push = `module.exports = class {
    constructor(options) { console.log('push adapter for ' + options.types); }
    send() {}
    getValidPushTypes() { return []; }
  };`;
  const config = configFile({ push: { adapter: { module: './push.js', options: { types: 'ios' } } } }, { 'push.js': push });
  const server = await startCloud(main, { args: ['--config', config] });
  await outputWith(server, /push adapter for ios/);
  await outputWith(server, /option "push" .* has no effect yet/);
  await server.stop();
});

describe('a module that cannot be used stops the start', { skip: ownServerOnly }, () => {
  const cases = [
    ['is not there', { emailAdapter: './none.js' }, {}, [/emailAdapter: Cannot find module '\.\/none\.js'/]],
    ['throws', { emailAdapter: './mail.js' }, { 'mail.js': '// one\nthrow new Error("out of order");' }, [/emailAdapter: out of order/, /mail\.js:2:\d+/]],
    ['is no JavaScript', { emailAdapter: './mail.js' }, { 'mail.js': 'const a = ;' }, [/emailAdapter: /, /mail\.js:1:\d+/]],
    ['exports nothing', { emailAdapter: './mail.js' }, { 'mail.js': 'module.exports = 5;' }, [/emailAdapter: The module exports no adapter/]],
    ['sends no pushes', { push: { adapter: './push.js' } }, { 'push.js': 'exports.send = () => {};' }, [/push\.adapter: The adapter has no function getValidPushTypes/]],
    ['has no sendMail', { emailAdapter: './mail.js' }, { 'mail.js': 'module.exports = { foo: 1 };' }, [/emailAdapter: The adapter has no function sendMail/]],
    [
      'is no callback',
      { passwordPolicy: { validatorCallback: './judge.js' } },
      { 'judge.js': 'module.exports = 5;' },
      [/passwordPolicy\.validatorCallback: The module exports no function/],
    ],
    ['loads forever', { emailAdapter: './mail.js', cloudBlockLimit: 0.3 }, { 'mail.js': 'for (;;);' }, [/ran for more than 0\.3 s/]],
    ['checks nothing', { auth: { a: './a.js' } }, { 'a.js': 'module.exports = { validateAppId() {} };' }, [/auth\.a: Adapter is not configured/]],
    [
      'has an odd policy',
      { auth: { a: './a.js' } },
      { 'a.js': 'module.exports = { policy: "odd", validateAuthData() {} };' },
      [/auth\.a: AuthAdapter policy is not configured correctly/],
    ],
    [
      'refuses its options',
      { auth: { a: { module: './a.js', size: 1 } } },
      { 'a.js': 'exports.validateAuthData = () => {};\nexports.validateOptions = ({ size }) => { throw new Error(`size ${size}`); };' },
      [/auth\.a: size 1/, /a\.js:2:\d+/],
    ],
    ['needs what is not here', { emailAdapter: './mail.js' }, { 'mail.js': 'require("child_process")' }, [/'child_process' of Node\.js is not available/]],
    ['has an odd name', { auth: { 'a-b': './a.js' } }, { 'a.js': '' }, [/"auth\.a-b" must be called by letters/]],
    ['is no path', { emailAdapter: 5 }, {}, [/"emailAdapter" must be the path or the name of a module/]],
  ];
  for (const [title, config, files, patterns] of cases) {
    test(title, async () => {
      const file = configFile(config, { 'readme.txt': '', ...files });
      const { code, stderr } = await runParsimony(['serve', '--port', '0', '--ephemeral', '--config', file]);
      assert.notEqual(code, 0, stderr);
      for (const pattern of patterns) assert.match(stderr, pattern);
    });
  }
});
