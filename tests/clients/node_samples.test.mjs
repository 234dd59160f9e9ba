// The samples of the package parsimony-test: `npm test` in each, as a reader would run it, and that their tests can fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readersEnvironment, Terminal } from '../support/pages.mjs';
import { ownServerOnly, repositoryFolder, temporaryFolder } from '../support/server.mjs';

const kSamples = path.join(repositoryFolder, 'clients/node/samples');
const kPassed = { 'node-test': /pass 3\n/, vitest: /Tests +3 passed/, jest: /Tests: +3 passed/ };
const kColorless = { NO_COLOR: '1', FORCE_COLOR: '0' };

function missing(sample) {
  if (!fs.existsSync(path.join(kSamples, sample, 'node_modules/parsimony-test'))) return 'skipped: ./dev setup installs its packages';
  try {
    execFileSync('npm', ['--version'], { env: readersEnvironment(), stdio: 'ignore' });
    return false;
  } catch {
    return 'skipped: npm does not run here';
  }
}

function npmTest(context, folder) {
  const shell = new Terminal(folder, readersEnvironment(kColorless));
  context.after(() => shell.kill());
  return shell.run('npm test');
}

test('every sample is tried', () => assert.deepEqual(fs.readdirSync(kSamples).sort(), Object.keys(kPassed).sort()));

for (const [sample, passed] of Object.entries(kPassed)) {
  describe(sample, { skip: ownServerOnly || missing(sample) }, () => {
    test('passes', async (context) => assert.match(await npmTest(context, path.join(kSamples, sample)), passed));

    test('fails when its code is wrong', async (context) => {
      const copy = path.join(temporaryFolder(), sample);
      fs.cpSync(path.join(kSamples, sample), copy, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
      fs.symlinkSync(path.join(kSamples, sample, 'node_modules'), path.join(copy, 'node_modules'));
      const code = path.join(copy, 'src/tasks.js');
      fs.writeFileSync(code, fs.readFileSync(code, 'utf8').replace('done: true', 'done: false'));
      await assert.rejects(npmTest(context, copy), /a finished task is not/);
    });
  });
}
