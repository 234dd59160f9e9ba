// docs/local-server.md and docs/ci.md: every shell block, from a fresh folder, as it is written. Only the port is another one, so that
// the test does not depend on what else runs on the machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readersEnvironment, shellBlocks, Terminal } from '../support/pages.mjs';
import { executable, ownServerOnly, repositoryFolder, temporaryFolder, until } from '../support/server.mjs';

const skip = ownServerOnly || (!hasNpm() && 'npm does not run here');

function hasNpm() {
  try {
    return execFileSync('npm', ['--version'], { env: readersEnvironment(), encoding: 'utf8' }).length > 0;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function terminal(context, cwd, env) {
  const opened = new Terminal(cwd, readersEnvironment(env));
  context.after(() => opened.kill());
  return opened;
}

test('docs/local-server.md', { skip: ownServerOnly }, async (context) => {
  const port = await freePort();
  const blocks = shellBlocks('docs/local-server.md').map((block) => block.replaceAll(':1337', `:${port}`));
  assert.equal(blocks.length, 4);
  const [layOut, serve, ask, change] = blocks;
  const folder = temporaryFolder();
  const env = { PORT: String(port) };

  const first = terminal(context, folder, env);
  assert.match(await first.run(layOut), /schema\/Task\.json +written/);
  first.type(serve);
  await until(() => /Parsimony is serving/.test(first.output), { what: `the server in ${first.output}` });

  const second = terminal(context, path.join(folder, 'shop'), env);
  assert.match(await second.run(ask), /"objectId":"task000002"/);
  await second.run(change);
  await until(() => first.output.match(/Reloaded/g)?.length === 2, { what: `two reloads in ${first.output}` });
  assert.match(await second.run(ask), /"title":"Buy milk","(urgent":true|done":false,"urgent":true)/);
});

describe('docs/ci.md', { skip }, () => {
  const offline = { npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
  const blocks = shellBlocks('docs/ci.md');

  // The project that the first blocks of the page make.
  async function project(context) {
    const folder = temporaryFolder();
    const shell = terminal(context, folder, { ...offline, PARSIMONY: repositoryFolder });
    for (const block of blocks.slice(0, 2)) await shell.run(block);
    return { folder, shell };
  }

  test('five steps to a test that runs', async (context) => {
    assert.equal(blocks.length, 5);
    const { folder, shell } = await project(context);
    assert.match(await shell.run(blocks[2]), /pass 1\n/);
    for (const block of blocks.slice(3)) await shell.run(block);
    assert.ok(fs.existsSync(path.join(folder, '.github/workflows/test.yml')));
    assert.ok(fs.existsSync(path.join(folder, '.gitlab-ci.yml')));
  });

  // What a job of the sample runs, line by line, in a fresh checkout of that project.
  for (const [name, lines] of Object.entries({ 'github-actions.yml': linesOfGithub, 'gitlab-ci.yml': linesOfGitlab })) {
    test(`the lines of ${name}`, async (context) => {
      const { folder } = await project(context);
      fs.rmSync(path.join(folder, 'node_modules'), { recursive: true });
      const text = fs.readFileSync(path.join(repositoryFolder, 'clients/node/ci', name), 'utf8');
      const fetched = path.join(temporaryFolder(), 'parsimony');
      const env = { ...offline, PARSIMONY_DOWNLOAD_URL: pathToFileURL(executable).href, PARSIMONY_EXECUTABLE: fetched };
      const output = await terminal(context, folder, env).run(lines(text).join('\n'));
      assert.match(output, /pass 1\n/);
      assert.ok(fs.existsSync(fetched));
    });
  }
});

// The lines of all blocks `run: |`.
function linesOfGithub(text) {
  return [...text.matchAll(/^ +run: \|\n((?: {10}.*\n)+)/gm)].flatMap((match) => match[1].trim().split(/\n */));
}

// The items of before_script and script.
function linesOfGitlab(text) {
  return [...text.matchAll(/^ {2}(?:before_)?script:\n((?: {4}- .*\n)+)/gm)].flatMap((match) =>
    match[1].trim().split('\n').map((line) => line.replace(/^ *- /, '')),
  );
}
