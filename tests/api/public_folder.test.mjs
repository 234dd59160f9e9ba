// The option publicFolder: pages beside the API.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ownServerOnly, runParsimony, startOwnServer, temporaryFolder } from '../support/server.mjs';

const skip = ownServerOnly;

const files = {
  'index.html': '<h1>Home</h1>',
  'app.js': 'start();',
  'style.css': 'h1 {}',
  'docs/index.html': '<h1>Docs</h1>',
  'docs/a b.html': '<h1>A b</h1>',
  'empty/note.txt': 'note',
  '.secret': 'hush',
  '.git/config': 'hush',
  '.well-known/site.txt': 'known',
};

function site() {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, 'public', name)), { recursive: true });
    fs.writeFileSync(path.join(folder, 'public', name), content);
  }
  fs.writeFileSync(path.join(folder, 'outside.txt'), 'hush');
  fs.symlinkSync('../outside.txt', path.join(folder, 'public/link.txt'));
  fs.symlinkSync('docs', path.join(folder, 'public/inside'));
  return folder;
}

describe('public folder', { skip }, () => {
  let server;
  let origin;
  before(async () => {
    server = await startOwnServer({ args: ['--publicFolder', path.join(site(), 'public')] });
    origin = new URL(server.url).origin;
  });
  after(() => server.stop());

  // As it is: fetch would resolve ".." itself.
  const raw = (target, { method = 'GET', headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(origin);
      const request = http.request({ hostname, port, path: target, method, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }));
      });
      request.on('error', reject);
      request.end();
    });

  test('serves files under their media type', async () => {
    const rows = [
      ['/', 'text/html; charset=utf-8', '<h1>Home</h1>'],
      ['/index.html', 'text/html; charset=utf-8', '<h1>Home</h1>'],
      ['/app.js?v=1', 'text/javascript; charset=utf-8', 'start();'],
      ['/style.css', 'text/css; charset=utf-8', 'h1 {}'],
      ['/docs/', 'text/html; charset=utf-8', '<h1>Docs</h1>'],
      ['/docs/a%20b.html', 'text/html; charset=utf-8', '<h1>A b</h1>'],
      ['/inside/index.html', 'text/html; charset=utf-8', '<h1>Docs</h1>'],
      ['/.well-known/site.txt', 'text/plain; charset=utf-8', 'known'],
    ];
    for (const [target, type, text] of rows) {
      const response = await raw(target);
      assert.deepEqual([target, response.status, response.headers['content-type'], response.text], [target, 200, type, text]);
      assert.equal(response.headers['x-content-type-options'], 'nosniff');
    }
  });

  test('has nothing else', async () => {
    const targets = ['/none.html', '/.secret', '/.git/config', '/docs/.hidden', '/link.txt', '/../outside.txt', '/docs/../../outside.txt',
      '/%2e%2e/outside.txt', '/..%2foutside.txt', '/docs/..%2f..%2foutside.txt', '/index.html%00', '/index.html/', '/empty/', '/empty', '/%ff',
      `/${'a/'.repeat(2000)}`];
    for (const target of targets) {
      const { status, text } = await raw(target);
      assert.ok(status === 404 || status === 400, `${target}: ${status}`);
      assert.doesNotMatch(text, /hush/);
    }
    assert.equal((await raw('/index.html', { method: 'POST' })).status, 404);
  });

  test('leads to the folder, on this site', async () => {
    const response = await raw('/docs');
    assert.deepEqual([response.status, response.headers.location], [301, '/docs/']);
    assert.equal((await raw('//docs')).headers.location, '/docs/');
  });

  test('sends what has changed, and parts', async () => {
    const first = await raw('/app.js');
    const again = await raw('/app.js', { headers: { 'If-None-Match': first.headers.etag } });
    assert.deepEqual([again.status, again.text], [304, '']);
    const part = await raw('/app.js', { headers: { Range: 'bytes=0-4' } });
    assert.deepEqual([part.status, part.text], [206, 'start']);
    const head = await raw('/app.js', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '8']);
  });

  test('leaves the API where it is', async () => {
    assert.equal((await raw(`${new URL(server.url).pathname}/health`)).text, '{"status":"ok"}');
  });
});

test('a folder that holds secrets is refused', { skip }, async () => {
  const folder = site();
  fs.mkdirSync(path.join(folder, 'public/data'));
  const rows = [
    [['--publicFolder', 'nowhere'], /option "publicFolder": there is no folder .*nowhere/],
    [['--publicFolder', 'public', '--data', 'public/data'], /would be open to everyone, and holds .*public\/data/],
    [['--publicFolder', '.', '--databaseURI', './shop.db'], /would be open to everyone/],
  ];
  for (const [args, message] of rows) {
    const { code, stderr } = await runParsimony(['serve', '--port', '0', ...args], { cwd: folder });
    assert.notEqual(code, 0);
    assert.match(stderr, message);
  }
});
