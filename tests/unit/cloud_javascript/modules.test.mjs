// require, ES modules, packages, and what is said when a module cannot be had.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCloud } from '../../support/cloud_engine.mjs';

const at = (files) => Object.fromEntries(Object.entries(files).map(([name, text]) => [`/app/${name}`, text]));

async function logged(files, options) {
  const cloud = await startCloud(at(files), options);
  assert.equal(cloud.loadError, undefined, JSON.stringify(cloud.loadError));
  return cloud.texts('info');
}

const failure = async (files, options) => (await startCloud(at(files), options)).loadError;

test('require finds files, folders and JSON', async () => {
  assert.deepEqual(
    await logged({
      'cloud/main.js': `
      const a = require('./lib/a'); const folder = require('./lib'); const data = require('../data.json');
        const up = require('../up.cjs');
      console.log(a.name, folder, data.list.length, up(), __filename, __dirname, require('./lib/a') === a, require.main === module);`,
      'cloud/lib/a.js': `exports.name = 'a:' + require('./b').b + __filename;`,
      'cloud/lib/b.js': `module.exports = { b: 2 }; this.unseen = true;`,
      'cloud/lib/index.js': `module.exports = 'index';`,
      'data.json': '{"list":[1,2]}',
      'up.cjs': `#!/usr/bin/env node\nmodule.exports = () => 'up';`,
    }),
    ['a:2/app/cloud/lib/a.js index 2 up /app/cloud/main.js /app/cloud true true'],
  );
});

test('modules that require each other see what the other has so far', async () => {
  assert.deepEqual(
    await logged({
      'cloud/main.js': `console.log(require('./a').done, require('./b').seen);`,
      'cloud/a.js': `exports.done = false; require('./b'); exports.done = true;`,
      'cloud/b.js': `exports.seen = require('./a').done;`,
    }),
    ['true false'],
  );
});

test('packages are found by main, exports, conditions, patterns and scope', async () => {
  const manifest = (fields) => JSON.stringify(fields);
  assert.deepEqual(
    await logged({
      'cloud/main.js': `console.log(['plain', 'table', 'table/sub', 'table/deep/x', '@own/scoped', 'nested', 'noManifest',
        'plain/lib/part'].map((name) => require(name)).join());`,
      'cloud/node_modules/plain/package.json': manifest({ main: './lib/main' }),
      'cloud/node_modules/plain/lib/main.js': `module.exports = 'main';`,
      'cloud/node_modules/plain/lib/part.js': `module.exports = 'part';`,
      'node_modules/table/package.json': manifest({
        main: 'wrong.js',
        exports: { '.': { types: './t.d.ts', import: './x.mjs', require: './cjs.js' }, './sub': './sub.js', './deep/*': './deep/*.js' },
      }),
      'node_modules/table/cjs.js': `module.exports = 'cjs';`,
      'node_modules/table/sub.js': `module.exports = 'sub';`,
      'node_modules/table/deep/x.js': `module.exports = 'deep';`,
      'node_modules/@own/scoped/package.json': manifest({ exports: { node: './node.js', browser: './browser.js' } }),
      'node_modules/@own/scoped/browser.js': `module.exports = 'browser';`,
      'node_modules/nested/index.js': `module.exports = require('inner') + require('plainer');`,
      'node_modules/nested/node_modules/inner/index.js': `module.exports = 'inner';`,
      'node_modules/plainer/index.js': `module.exports = '+';`,
      'node_modules/noManifest/index.js': `module.exports = 'index';`,
    }),
    ['main,cjs,sub,deep,browser,inner+,index,part'],
  );
});

test('a missing module is named with the files that ask for it', async () => {
  const error = await failure({ 'cloud/main.js': `require('./a');`, 'cloud/a.js': `require('left-pad');` });
  assert.equal(error.message, `Cannot find module 'left-pad', required by /app/cloud/a.js, required by /app/cloud/main.js.`);
});

test('a module of Node that is not here is named as such', async () => {
  const files = { 'cloud/main.js': `require('web');`, 'cloud/node_modules/web/index.js': `require('node:vm');` };
  const chain = '/app/cloud/node_modules/web/index.js, required by /app/cloud/main.js';
  assert.equal((await failure(files)).message, `The module 'vm' of Node.js is not available in Cloud Code. It is required by ${chain}.`);
});

test('a package may do without a module of Node', async () => {
  assert.deepEqual(
    await logged({
      'cloud/main.js': `console.log(require('light'));`,
      'cloud/node_modules/light/package.json': '{"browser":{"vm":false}}',
      'cloud/node_modules/light/index.js': `module.exports = Object.keys(require("vm")).length;`,
    }),
    ['0'],
  );
});

test('errors in required files name the file', async () => {
  const syntax = await failure({ 'cloud/main.js': `require('./broken');`, 'cloud/broken.js': `const a = 1;\nconst = 2;` });
  assert.match(syntax.stack, /\/app\/cloud\/broken\.js:2/);
  const json = await failure({ 'cloud/main.js': `require('./x.json');`, 'cloud/x.json': `{"a":}` });
  assert.match(json.message, /^\/app\/cloud\/x\.json:1:6: /);
  const thrown = await failure({ 'cloud/main.js': `require('./fails');`, 'cloud/fails.js': `\n\nthrow new Error('no');` });
  assert.match(thrown.stack, /fails\.js:3/);
});

test('a module whose loading failed is tried again', async () => {
  assert.deepEqual(
    await logged({
      'cloud/main.js': `globalThis.fail = true; try { require('./a'); } catch {} globalThis.fail = false; console.log(require('./a'));`,
      'cloud/a.js': `if (globalThis.fail) throw new Error('no'); module.exports = 'yes';`,
    }),
    ['yes'],
  );
});

const es = { 'package.json': '{"type":"module"}' };

test('ES modules import files, packages, CommonJS, JSON and core modules', async () => {
  assert.deepEqual(
    await logged({
      ...es,
      'cloud/main.js': `
      import one, { two } from './a.js';
      import common, { name } from './common.cjs';
      import data from '../data.json';
      import { EventEmitter } from 'node:events';
      import path from 'path';
      import lib from 'lib';
      const late = await import('./late.mjs');
      console.log(one, two, common.name, name, data.x, typeof EventEmitter, path.join('a', 'b'), lib, late.default);`,
      'cloud/a.js': `export default 1; export const two = 2;`,
      'cloud/common.cjs': `exports.name = 'common'; exports.default = 'd'; exports['not an identifier'] = 1; exports.class = 2;`,
      'data.json': '{"x":5}',
      'cloud/late.mjs': `await new Promise((resolve) => setTimeout(resolve, 2)); export default 'late';`,
      'node_modules/lib/package.json': '{"exports":{"import":"./m.mjs","require":"./c.js"}}',
      'node_modules/lib/m.mjs': `export default 'module';`,
      'node_modules/lib/c.js': `module.exports = 'commonjs';`,
    }),
    ['1 2 common common 5 function a/b module late'],
  );
});

test('import.meta tells where a module is; exports are live', async () => {
  assert.deepEqual(
    await logged(
      {
        'cloud/main.mjs': `
      import { createRequire } from 'node:module';
      import { count, add } from './counter.mjs';
      add();
      console.log(import.meta.url, import.meta.dirname, import.meta.filename, count, createRequire(import.meta.url)('./c.cjs'));`,
        'cloud/counter.mjs': `export let count = 0; export const add = () => { count += 1; };`,
        'cloud/c.cjs': `module.exports = 'required';`,
      },
      { main: '/app/cloud/main.mjs' },
    ),
    ['file:///app/cloud/main.mjs /app/cloud /app/cloud/main.mjs 1 required'],
  );
});

test('ES modules that import each other work', async () => {
  assert.deepEqual(
    await logged({
      ...es,
      'cloud/main.js': `import { a } from './a.js'; console.log(a());`,
      'cloud/a.js': `import { b } from './b.js'; export const a = () => 'a' + b();`,
      'cloud/b.js': `import { a } from './a.js'; export const b = () => typeof a;`,
    }),
    ['afunction'],
  );
});

test('a main file with imports needs no declared type', async () => {
  const cloud = await startCloud(
    at({ 'cloud/main.js': `import { x } from './x.mjs';\nParse.Cloud.define('f', () => x);`, 'cloud/x.mjs': 'export const x = 7;' }),
  );
  assert.equal(await cloud.result('f'), 7);
});

test('errors of ES modules name file and line, missing modules their importer', async () => {
  assert.match((await failure({ ...es, 'cloud/main.js': `import './a.js';`, 'cloud/a.js': `\nnull.x;` })).stack, /\/app\/cloud\/a\.js:2/);
  assert.match((await failure({ ...es, 'cloud/main.js': `const a = 1;\nlet b = ;` })).stack, /\/app\/cloud\/main\.js:2/);
  assert.equal(
    (await failure({ ...es, 'cloud/main.js': `import 'gone';` })).message,
    `Cannot find module 'gone', imported by /app/cloud/main.js.`,
  );
  assert.match(
    (await failure({ ...es, 'cloud/main.js': `import vm from 'vm';` })).message,
    /The module 'vm' of Node\.js is not available in Cloud Code/,
  );
  assert.match(
    (await failure({ ...es, 'cloud/main.js': `import { nope } from './a.js';`, 'cloud/a.js': 'export const a = 1;' })).message,
    /nope/,
  );
  assert.match(
    (await failure({ ...es, 'cloud/main.js': `import './x.cjs';`, 'cloud/x.cjs': `throw new TypeError('in commonjs');` })).message,
    /in commonjs/,
  );
});

test('require of an ES module gives its namespace, unless it awaits', async () => {
  const files = {
    'cloud/main.js': `const a = require('./a.mjs'); console.log(a.default, a.two, require('./a.mjs') === a, require('./own.mjs')());
      require('./late.mjs');`,
    'cloud/a.mjs': `import { two } from './b.mjs'; export default 1; export { two };`,
    'cloud/b.mjs': `export const two = 2;`,
    'cloud/own.mjs': `const made = () => 'own'; export { made as 'module.exports' };`,
    'cloud/late.mjs': `await null; export default 1;`,
  };
  const cloud = await startCloud(at(files));
  assert.deepEqual(cloud.texts('info'), ['1 2 true own']);
  assert.match(cloud.loadError.message, /late\.mjs awaits while it loads: use import\(\)/);
  const thrown = await failure({ 'cloud/main.js': `require('./bad.mjs');`, 'cloud/bad.mjs': `throw new RangeError('in module');` });
  assert.match(thrown.stack, /RangeError: in module\n\s+at .*bad\.mjs:1/);
});

test('CommonJS imports ES modules with import()', async () => {
  const cloud = await startCloud(
    at({ 'cloud/main.js': `Parse.Cloud.define('f', async () => (await import('./a.mjs')).default);`, 'cloud/a.mjs': 'export default 3;' }),
  );
  assert.equal(await cloud.result('f'), 3);
});

test('there is a main file or an error that names it', async () => {
  assert.match((await failure({ 'cloud/other.js': '' })).message, /There is no file \/app\/cloud\/main\.js/);
});
