// docs/testing.md, run as it is written.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { executable, ownServerOnly, repositoryFolder, temporaryFolder } from '../support/server.mjs';

const kDeadlineMs = 60_000;
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const skip = ownServerOnly || (!hasCurl && 'skipped: there is no curl');

// Every answer on a line of its own, and an error ends the script.
const kPrelude = `set -eu
curl() { command curl --silent --show-error --fail-with-body --write-out '\\n' "$@"; }
`;

test('every line of the page for tests does what it says', { skip }, () => {
  const home = temporaryFolder();
  for (const name of ['schema', 'fixtures']) fs.cpSync(path.join(repositoryFolder, name), path.join(home, name), { recursive: true });
  fs.rmSync(path.join(home, 'schema/builtin'), { recursive: true });
  fs.rmSync(path.join(home, 'schema/sqlite'), { recursive: true, force: true });
  fs.mkdirSync(path.join(home, 'bin'));
  fs.symlinkSync(executable, path.join(home, 'bin/parsimony'));

  const page = fs.readFileSync(path.join(repositoryFolder, 'docs/testing.md'), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  const calls = blocks.join('').split('\n').filter((line) => line.startsWith('curl '));
  const env = { PATH: `${path.join(home, 'bin')}:${process.env.PATH}` };
  const script = kPrelude + blocks.join('').replace('parsimony serve', 'parsimony serve --silent');
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: home, env, encoding: 'utf8', timeout: kDeadlineMs });
  assert.equal(status, 0, `${stdout}\n${stderr}`);

  const answers = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(answers.length, calls.length);
  const answerTo = (part) => answers[calls.findIndex((line) => line.includes(part))];
  assert.deepEqual(answerTo('/_test/reset'), {});
  assert.equal(answerTo('"name":"two-orders"').name, 'two-orders');
  assert.deepEqual(answerTo('curl "$api/_test/snapshot"').results.map(({ name }) => name), ['two-orders']);
  assert.match(answerTo('"now":').now, /^2030-01-31T12:00/);
  assert.match(answerTo('advanceMs').now, /^2030-02-01T12:00/);
  assert.equal(answerTo('freeze').frozen, true);
  assert.equal(answerTo('"real":true').real, true);
  assert.deepEqual(answerTo('/_test/mails'), { results: [] });
});
