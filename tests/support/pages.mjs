// The pages for newcomers, run as a reader would run them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { executable, repositoryFolder, until } from './server.mjs';

// The fenced blocks of a page that are for a shell, in order.
export function shellBlocks(page) {
  const text = fs.readFileSync(path.join(repositoryFolder, page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
}

// A terminal: a bash in a folder, which runs blocks one after the other. Kill it at the end.
export class Terminal {
  #bash;
  #ended = false;
  #count = 0;
  output = '';

  constructor(cwd, env) {
    this.#bash = spawn('bash', ['--norc'], { cwd, env, detached: true });
    for (const stream of [this.#bash.stdout, this.#bash.stderr]) stream.setEncoding('utf8').on('data', (part) => (this.output += part));
    this.#bash.once('close', () => (this.#ended = true));
  }

  type(block) {
    this.#bash.stdin.write(block);
  }

  // Resolves to what the block printed. Fails when one of its lines fails.
  async run(block) {
    const mark = `-- end of block ${++this.#count}`;
    const from = this.output.length;
    this.type(`set -e\n${block}\nset +e\necho '${mark}'\n`);
    await until(() => this.output.includes(mark) || this.#ended, { what: `the end of\n${block}\nwhich said\n${this.output}`, deadlineMs: 60_000 });
    if (!this.output.includes(mark)) throw new Error(`a line failed of\n${block}\nwhich said\n${this.output.slice(from)}`);
    return this.output.slice(from, this.output.indexOf(mark));
  }

  // With all that it has started.
  kill() {
    if (!this.#ended) process.kill(-this.#bash.pid, 'SIGKILL');
  }
}

// The environment of a reader who has the executable in PATH.
export function readersEnvironment(more = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PARSE_|PARSIMONY|PORT$|NODE_|npm_)/.test(name));
  const folders = [path.dirname(executable), path.dirname(process.execPath), process.env.PATH];
  return { ...Object.fromEntries(inherited), PATH: folders.join(path.delimiter), ...more };
}
