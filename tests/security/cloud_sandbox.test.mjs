// Cloud Code as the attacker: what runs in the engine reaches nothing of the process around it, of the machine's files, of other calls.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { ownServerOnly, startOwnServer, temporaryFolder } from '../support/server.mjs';

/* global Parse, require */
const skip = ownServerOnly;

describe('the engine', { skip }, () => {
  function code() {
    const tell = (run) => {
      try {
        const value = run();
        return typeof value === 'object' || typeof value === 'function' ? typeof value : String(value);
      } catch (error) {
        return `refused: ${error.message}`;
      }
    };
    Parse.Cloud.define('hello', () => 'hello');
    Parse.Cloud.define('evaluate', ({ params }) => tell(() => new Function(params.source)()));
    Parse.Cloud.define('indirectly', ({ params }) => tell(() => (0, eval)(params.source)));
    Parse.Cloud.define('globals', () => {
      const names = new Set();
      for (let at = globalThis; at; at = Object.getPrototypeOf(at)) for (const name of Reflect.ownKeys(at)) names.add(String(name));
      return [...names];
    });
    Parse.Cloud.define('overwrite', () => {
      for (const name of ['__parsimony_receive', '__parsimony_resolve', '__parsimony_source', '__parsimony_required']) {
        try {
          globalThis[name] = () => 'taken';
        } catch {
          // what cannot be written is as good
        }
        delete globalThis[name];
      }
    });
  }

  let server;
  before(async () => {
    server = await startCloud(code);
  });
  after(() => server?.stop());

  test('knows no way to the host but messages that say what they do', async () => {
    const names = assertOk(await server.call('globals')).result;
    const suspicious = names.filter((name) => /^(__host|std|os|bjson|scriptArgs|load|print|quit|gc|wasm|WebAssembly|Deno|Bun|NodeJS)/.test(name));
    assert.deepEqual(suspicious, []);
    assert.ok(names.includes('Parse'), 'the list is of the right object');
  });

  const kSources = [
    'return process.binding("fs")',
    'return process.mainModule.require("child_process")',
    'return process.dlopen({}, "/lib/x86_64-linux-gnu/libc.so.6")',
    'return this.constructor.constructor("return process")().mainModule.require("fs")',
    'return __host_send("{}")',
    'return __host_ask(JSON.stringify({op:"read",path:"/etc/passwd"}))',
    'return __host_compile("1", "/etc/passwd")',
    'return require("child_process")',
    'return std.open("/etc/passwd", "r")',
    'return os.exec(["id"])',
    'return new WebAssembly.Memory({initial: 1})',
  ];
  for (const source of kSources) {
    test(`new Function: ${source}`, async () => {
      const { result } = assertOk(await server.call('evaluate', { source }));
      assert.match(result, /^(refused: |undefined$)/);
      assert.equal(assertOk(await server.call('hello')).result, 'hello');
    });
  }

  test('an import of source that was made up at run time finds the project alone', async () => {
    for (const source of ['import("/etc/passwd")', 'import("file:///etc/passwd")', 'import("../../../../../../etc/passwd")', 'import("data:text/javascript,1")']) {
      const { result } = assertOk(await server.call('indirectly', { source: `${source}.then((m) => globalThis.stolen = m, () => {})` }));
      assert.equal(result, 'object');
    }
    assert.equal(assertOk(await server.call('evaluate', { source: 'return globalThis.stolen' })).result, 'undefined');
  });

  test('code that takes away the ways by which it is called harms itself alone', async () => {
    await server.call('overwrite');
    const answer = await server.call('hello');
    assert.ok(answer.status === 200 || answer.json?.code === 141, answer.text);
    assertOk(await server.api.request('GET', '/health'));
    assertOk(await server.api.find('Anything'));
  });
});

describe('what comes in as data', { skip }, () => {
  function code() {
    const seen = () => ({
      plain: Object.keys({}).length,
      admin: {}.isAdmin,
      polluted: {}.polluted,
      array: [].polluted,
      isObject: {}.constructor === Object,
      parse: new Parse.Object('A').get('polluted'),
    });
    Parse.Cloud.define('pollute', ({ params, context }) => {
      const merged = Object.assign({}, params, context);
      const object = new Parse.Object('Target');
      object.set(params);
      return { ...seen(), own: Object.hasOwn(merged, '__proto__'), merged: merged.isAdmin, at: params.isAdmin };
    });
    Parse.Cloud.define('seen', seen);
    Parse.Cloud.define('context', ({ context }) => ({ isAdmin: context.isAdmin, dummy: context.dummy, plain: {}.dummy }));
    for (const name of ['beforeSave', 'afterSave', 'beforeDelete', 'beforeFind', 'afterFind']) {
      Parse.Cloud[name]('Contextual', ({ context }) => {
        if (context.isAdmin !== undefined || {}.isAdmin !== undefined || {}.dummy !== undefined) throw new Parse.Error(4711, `polluted in ${name}`);
        context.mark = `${context.mark ?? ''} ${name}`;
      });
    }
    Parse.Cloud.define('types', ({ params }) => Object.values(params).map((value) => Object.prototype.toString.call(value)));
  }

  const kClean = { plain: 0, isObject: true };
  let server;
  before(async () => {
    server = await startCloud(code);
  });
  after(() => server?.stop());
  const clean = async () => assert.deepEqual(assertOk(await server.call('seen')).result, kClean);

  const kParams = [
    '{"__proto__":{"isAdmin":true,"polluted":1}}',
    '{"a":{"__proto__":{"isAdmin":true,"polluted":1}}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":[{"__proto__":{"polluted":1}}]}',
    '{"a":{"__type":"Object","className":"A","__proto__":{"polluted":1}}}',
    '{"a":{"__type":"Pointer","className":"__proto__","objectId":"constructor"}}',
    '{"a":{"__type":"File","name":"x","url":"javascript:1","__proto__":{"polluted":1}}}',
    '{"\\u005f_proto__":{"isAdmin":true}}',
  ];
  for (const text of kParams) {
    test(`parameters ${text}`, async () => {
      const answer = await server.call('pollute', text);
      if (answer.status === 200) {
        const { own, merged, at, ...rest } = answer.json.result;
        assert.deepEqual([own, merged, at, rest], [false, undefined, undefined, kClean]);
      } else {
        assertError(answer, 400, [105, 141]);
      }
      await clean();
    });

    test(`the same in an address and in a batch`, async () => {
      const name = encodeURIComponent(text);
      const answer = await server.api.request('POST', `/functions/pollute?__proto__[isAdmin]=1&constructor[prototype][polluted]=1&a=${name}`, {});
      assert.ok(answer.status === 200 || answer.status === 400, answer.text);
      const body = `{"requests":[{"method":"POST","path":"/parse/functions/pollute","body":${text}}]}`;
      const batch = await server.api.request('POST', '/batch', body);
      assert.ok(batch.status === 200 || batch.status === 400, batch.text);
      await clean();
    });
  }

  describe('GHSA-445j-ww4h-339m: a context', () => {
    for (const context of ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"dummy":0}}}', '{"a":{"__proto__":{"isAdmin":true}}}']) {
      const as = { headers: { 'X-Parse-Cloud-Context': context } };
      const inBody = (fields) => `{"_ApplicationId":"app","_JavaScriptKey":"js","_context":${context}${fields}}`;

      test(`${context} of saves, finds and deletes`, async () => {
        for (const [body, options] of [['{"n":1}', as], [inBody(',"n":1'), { anonymous: true }]]) {
          const made = await server.api.request('POST', '/classes/Contextual', body, options);
          assert.equal(made.status, 201, made.text);
          const id = made.json.objectId;
          assertOk(await server.api.update('Contextual', id, { n: 2 }, as));
          assertOk(await server.api.get('Contextual', id, {}, as));
          assertOk(await server.api.find('Contextual', {}, as));
          assertOk(await server.api.remove('Contextual', id, as));
        }
        await clean();
      });

      test(`${context} of a function`, async () => {
        const { result } = assertOk(await server.call('context', {}, as));
        assert.deepEqual([result.isAdmin, result.plain], [undefined, undefined]);
        assert.deepEqual(assertOk(await server.call('context')).result, {});
        await clean();
      });
    }

    test('that is no object is refused or left out', async () => {
      for (const context of ['[]', '5', '"a"', 'null', 'true', '{', '\u00e9', '[[[[']) {
        const answer = await server.call('context', {}, { headers: { 'X-Parse-Cloud-Context': Buffer.from(context).toString('latin1') } });
        assert.ok(answer.status === 200 || answer.status === 400, `${context}: ${answer.status} ${answer.text}`);
      }
      await clean();
    });

    test('of one request is not that of the next', async () => {
      assertOk(await server.call('context', {}, { headers: { 'X-Parse-Cloud-Context': '{"dummy":1}' } }));
      assert.deepEqual(assertOk(await server.call('context')).result, {});
    });
  });

  test('markers of types that are none stay data', async () => {
    const odd = { a: { __type: 'Function', body: 'process' }, b: { __op: 'Delete' }, c: { __type: 'Object' }, d: { __type: {} }, e: { __type: 'Bytes', base64: '!' } };
    const answer = await server.call('types', odd);
    assert.ok(answer.status === 200 || answer.status === 400, answer.text);
    await clean();
  });
});

describe('files', { skip }, () => {
  const kSecret = 'the-secret-of-the-machine';
  const main = `
    const fs = require('fs');
    const attempt = (run) => { try { return String(run()); } catch (error) { return 'refused: ' + error.message; } };
    Parse.Cloud.define('read', ({ params }) => attempt(() => fs.readFileSync(params.name, 'utf8')));
    Parse.Cloud.define('readUrl', ({ params }) => attempt(() => fs.readFileSync(new URL(params.name), 'utf8')));
    Parse.Cloud.define('require', ({ params }) => attempt(() => JSON.stringify(require(params.name))));
    Parse.Cloud.define('import', ({ params }) => import(params.name).then((m) => JSON.stringify(m.default), (e) => 'refused: ' + e.message));
    Parse.Cloud.define('created', ({ params }) => attempt(() => JSON.stringify(require('module').createRequire(params.from)(params.name))));
    Parse.Cloud.define('exists', ({ params }) => fs.existsSync(params.name));
    Parse.Cloud.define('write', ({ params }) => attempt(() => fs[params.call](params.name, 'written')));
    Parse.Cloud.define('inside', () => attempt(() => fs.readFileSync(__dirname + '/inside.txt', 'utf8')));
  `;

  let server;
  let outside;
  let project;
  before(async () => {
    outside = temporaryFolder();
    fs.writeFileSync(path.join(outside, 'secret.json'), JSON.stringify(kSecret));
    fs.writeFileSync(path.join(outside, 'secret.js'), `module.exports = ${JSON.stringify(kSecret)};`);
    project = cloudFolder({ 'main.js': main, 'inside.txt': 'inside', 'node_modules/linked/package.json': '{"main":"../../../../../../../../etc/passwd"}' });
    fs.symlinkSync(path.join(outside, 'secret.json'), path.join(project, 'link.json'));
    fs.symlinkSync(outside, path.join(project, 'folder'));
    fs.symlinkSync('/proc/self/environ', path.join(project, 'environ'));
    fs.symlinkSync('loop', path.join(project, 'loop'));
    fs.mkdirSync(`${project}2`);
    fs.writeFileSync(path.join(`${project}2`, 'sibling.json'), JSON.stringify(kSecret));
    fs.writeFileSync(path.join(path.dirname(project), '.env'), `PASSWORD=${kSecret}\n`, { mode: 0o600 });
    const env = path.join(path.dirname(project), '.env');
    const dataDir = path.join(path.dirname(project), 'data');
    const { call, ...rest } = await startAt(path.join(project, 'main.js'), { dataDir, args: ['--cloudEnvFile', env, '--appName', kSecret] });
    server = { call, ...rest };
  });
  after(() => server?.stop());

  async function startAt(file, { args, ...options }) {
    const started = await startOwnServer({ ...options, args: ['--cloud', file, ...args] });
    return { ...started, call: (name, params) => started.api.request('POST', `/functions/${name}`, params ?? {}) };
  }

  const names = () => [
    path.join(outside, 'secret.json'),
    path.join(outside, 'secret'),
    `${project}/../../${path.basename(outside)}/secret.json`,
    path.join(project, 'link.json'),
    './link.json',
    './folder/secret.json',
    './folder/secret',
    './folder/../folder/secret.json',
    `${project}2/sibling.json`,
    '../cloud2/sibling.json',
    '../.env',
    path.join(path.dirname(project), '.env'),
    path.join(server.dataDir, 'parsimony.db'),
    '../data/parsimony.db',
    '../data/keys.json',
    '/etc/passwd',
    '../../../../../../../../etc/passwd',
    '..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    'file:///etc/passwd',
    '/etc/passwd\0.json',
    './inside.txt\0/../../../../../../etc/passwd',
    '\0/etc/passwd',
    '/proc/self/environ',
    '/proc/self/cmdline',
    '/proc/self/mem',
    '/proc/1/environ',
    './environ',
    '/dev/zero',
    '/dev/stdin',
    './loop',
    'linked',
    '/',
    '.'.repeat(5000),
    '/a'.repeat(5000),
  ];

  const kLeaks = new RegExp(`${kSecret}|root:|SQLite format|masterKey|PATH=|/bin/`);
  const assertNothing = ({ status, text }, what) => {
    assert.ok(status === 200 || status === 400, `${what}: ${status} ${text.slice(0, 300)}`);
    assert.doesNotMatch(text.replaceAll(what, ''), kLeaks, what);
    if (status === 200) assert.match(text, /refused: /, what);
  };

  for (const how of ['read', 'require', 'import']) {
    test(`outside of the project are not reached by ${how}`, async () => {
      for (const name of names()) assertNothing(await server.call(how, { name }), name);
      assert.equal(assertOk(await server.call('inside')).result, 'inside');
    });
  }

  test('are not even said to exist', async () => {
    for (const name of ['/etc/passwd', '/etc', '/', '../.env', '../data', outside, `${project}2`, './link.json', './folder']) {
      assert.equal(assertOk(await server.call('exists', { name })).result, false, name);
    }
    assert.equal(assertOk(await server.call('exists', { name: './inside.txt' })).result, true);
  });

  test('are not reached by URLs, nor by a require of another place', async () => {
    for (const name of ['file:///etc/passwd', 'file:///%2e%2e/etc/passwd', 'file:///etc%2fpasswd', 'file:///etc/passwd%00']) {
      assertNothing(await server.call('readUrl', { name }), name);
    }
    for (const from of ['/etc/x.js', 'file:///etc/x.js', `${outside}/x.js`, `${project}/folder/x.js`]) {
      assertNothing(await server.call('created', { from, name: './secret.json' }), './secret.json');
      assertNothing(await server.call('created', { from, name: './passwd' }), './passwd');
    }
  });

  test('cannot be written', async () => {
    for (const call of ['writeFileSync', 'appendFileSync', 'mkdirSync', 'unlinkSync', 'rmSync', 'symlinkSync', 'renameSync', 'chmodSync', 'openSync']) {
      assert.match(assertOk(await server.call('write', { call, name: './inside.txt' })).result, /^refused: /, call);
    }
    assert.equal(fs.readFileSync(path.join(project, 'inside.txt'), 'utf8'), 'inside');
  });
});

describe('data folders and environments', { skip }, () => {
  const main = `
    const fs = require('fs');
    const attempt = (run) => { try { return String(run()).slice(0, 200); } catch (error) { return 'refused: ' + error.message; } };
    Parse.Cloud.define('read', ({ params }) => attempt(() => fs.readFileSync(params.name, 'utf8')));
    Parse.Cloud.define('environment', () => Object.keys(process.env));
  `;

  test('inside of the project are not code either', async (t) => {
    const home = temporaryFolder();
    const cloud = path.join(home, 'cloud');
    fs.mkdirSync(cloud);
    fs.writeFileSync(path.join(home, 'package.json'), '{}');
    fs.writeFileSync(path.join(home, '.env'), 'SECRET_NAME=secret-value\n', { mode: 0o600 });
    fs.writeFileSync(path.join(cloud, 'main.js'), main);
    const server = await startOwnServer({
      dataDir: path.join(home, 'data'),
      args: ['--cloud', path.join(cloud, 'main.js'), '--cloudEnvFile', path.join(home, '.env')],
    });
    t.after(() => server.stop());
    const kept = fs.readdirSync(path.join(home, 'data'), { recursive: true }).map((name) => path.join(home, 'data', name));
    assert.ok(kept.length > 0);
    for (const name of [...kept, path.join(home, '.env'), '../.env']) {
      const { result } = assertOk(await server.api.request('POST', '/functions/read', { name }));
      assert.match(result, /^refused: /, name);
    }
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/environment', {})).result, ['SECRET_NAME']);
  });

  test('the environment of the server is not that of the code', async (t) => {
    const folder = cloudFolder({ 'main.js': main });
    const server = await startOwnServer({ args: ['--cloud', path.join(folder, 'main.js')], env: { SOME_PASSWORD: 'p', AWS_SECRET_ACCESS_KEY: 'q' } });
    t.after(() => server.stop());
    assert.deepEqual(assertOk(await server.api.request('POST', '/functions/environment', {})).result, []);
  });
});
