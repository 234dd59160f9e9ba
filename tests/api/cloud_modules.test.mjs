// Modules of Cloud Code in the executable: CommonJS, ES modules, packages, and what is said of those that cannot be had.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { outputWith, ownServerOnly, runParsimony } from '../support/server.mjs';

const skip = ownServerOnly;

const files = {
  'main.js': `
    const { double } = require('./lib/math');
    const table = require('./lib/table.json');
    const greet = require('greeter');
    const { EventEmitter } = require('node:events');
    const crypto = require('crypto');
    Parse.Cloud.define('required', ({ params }) => [double(params.n), table.rows.length, greet('Ada'), typeof EventEmitter]);
    Parse.Cloud.define('imported', async () => {
      const { default: name, late } = await import('./es.mjs');
      return [name, late];
    });
    Parse.Cloud.define('sync', () => require('./sync.mjs').value);
    Parse.Cloud.define('digest', () => crypto.createHash('sha256').update('text').digest('hex'));
    Parse.Cloud.define('web', () => [new URL('/a?b=1', 'https://example.com').href, Buffer.from('ü').toString('base64'), structuredClone({ a: [1] })]);
    Parse.Cloud.define('outside', () => {
      try {
        return require('fs').readFileSync('/etc/hostname', 'utf8');
      } catch (error) {
        return error.code;
      }
    });
    Parse.Cloud.define('absent', () => require('wants-processes'));
    Parse.Cloud.define('place', () => require('./lib/math').fail());`,
  'package.json': '{}',
  'lib/math.js': `exports.double = (n) => n * 2;\nexports.fail = () => {\n  throw new Error('from a module');\n};`,
  'lib/table.json': '{"rows":[1,2,3]}',
  'node_modules/greeter/package.json': '{"exports":{"require":"./r.cjs","import":"./i.mjs"}}',
  'node_modules/greeter/r.cjs': 'module.exports = (name) => `Hello, ${name}!`;',
  'node_modules/greeter/i.mjs': 'export default () => "never";',
  'node_modules/wants-processes/index.js': `module.exports = require('child_process');`,
  'es.mjs': `import { value } from './sync.mjs';\nexport default value + import.meta.filename.slice(-6);\nexport const late = await new Promise((resolve) => setTimeout(resolve, 1, 'late'));`,
  'sync.mjs': `import path from 'node:path';\nexport const value = path.join('a', 'b');`,
};

describe('modules', { skip }, () => {
  let server;
  before(async () => {
    server = await startCloud(files);
  });
  after(() => server?.stop());
  const result = async (name, params) => assertOk(await server.call(name, params)).result;

  test('files, JSON, packages and core modules are required', async () => {
    assert.deepEqual(await result('required', { n: 4 }), [8, 3, 'Hello, Ada!', 'function']);
  });

  test('ES modules are imported and, unless they await, required', async () => {
    assert.deepEqual(await result('imported'), ['a/bes.mjs', 'late']);
    assert.equal(await result('sync'), 'a/b');
  });

  test('digests, URLs, buffers and clones are at hand', async () => {
    assert.equal(await result('digest'), '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1');
    assert.deepEqual(await result('web'), ['https://example.com/a?b=1', 'w7w=', { a: [1] }]);
  });

  test('files outside of the project are not there', async () => {
    assert.equal(await result('outside'), 'ENOENT');
  });

  test('a module that cannot be had is named, with those who want it', async () => {
    const { code, error } = (await server.call('absent')).json;
    assert.equal(code, 141);
    assert.match(error, /'child_process' of Node\.js is not available in Cloud Code.*wants-processes\/index\.js, required by .*main\.js/);
  });

  test('an error in a module is logged with file, line and column', async () => {
    assert.equal((await server.call('place')).json.error, 'from a module');
    await outputWith(server, /lib\/math\.js:3:\d+/);
  });
});

describe('code that does not load', { skip }, () => {
  const loading = async (source, name = 'main.js') => {
    const folder = cloudFolder({ [name]: source });
    const { code, stderr } = await runParsimony(['serve', '--port', '0', '--ephemeral', '--cloud', `${folder}/${name}`]);
    return { code, stderr };
  };

  test('keeps the server from starting and says where it went wrong', async () => {
    const { code, stderr } = await loading('const fine = 1;\nconst = 2;');
    assert.notEqual(code, 0);
    assert.match(stderr, /Cloud Code could not be loaded: .*\n.*\n?.*main\.js:2:\d+/);
  });

  test('an ES module that throws, too', async () => {
    assert.match((await loading('\n\nnull.x;', 'main.mjs')).stderr, /main\.mjs:3:\d+/);
  });
});
