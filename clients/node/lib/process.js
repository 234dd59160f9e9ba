// The server as a child process: started, awaited, stopped, and never left behind.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const kPollMs = 2;
const kStopTimeoutMs = 10_000;
const kLogCharacters = 64 * 1024;
const kShownCharacters = 4 * 1024;

const kRunning = new Set();
process.on('exit', () => {
  for (const server of kRunning) server.endNow();
});

// What is in the environment by accident must not configure the server: its options come from the config file alone.
const isOption = (name) => /^(PARSE_|PARSIMONY_)|^(PORT|SILENT|VERBOSE|JSON_LOGS)$/.test(name);

function environmentWith(env) {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOption(name))), ...env };
}

export class ServerProcess {
  #child;
  #folder;
  #log = '';
  #isReady = false;
  #end; // {code, signal} or {error}, once it has ended
  #ended;

  constructor(executable, folder, env) {
    this.#folder = folder;
    const args = ['serve', '--ephemeral', '--ready-file', folder.readyFile, '--config', folder.config];
    // Standard input is a lifeline: the server ends when its other end closes, and so when this process ends in whatever way.
    this.#child = spawn(executable, args, { cwd: folder.path, env: environmentWith(env), stdio: ['pipe', 'ignore', 'pipe'] });
    kRunning.add(this);
    this.#child.stderr.setEncoding('utf8').on('data', (text) => this.#takeLog(text));
    this.#ended = new Promise((resolve) => {
      const end = (how) => {
        this.#end = how;
        kRunning.delete(this);
        folder.remove();
        resolve();
      };
      this.#child.once('error', (error) => end({ error })).once('close', (code, signal) => end({ code, signal }));
    });
    // A test that forgets stop() can still end; the handler above then ends the server.
    for (const handle of [this.#child, this.#child.stdin, this.#child.stderr]) handle.unref();
  }

  log() {
    return this.#log;
  }

  // What the server has to say goes on to the standard error of the tests; what it says when it does not start, into the error.
  #takeLog(text) {
    this.#log = (this.#log + text).slice(-kLogCharacters);
    if (this.#isReady) process.stderr.write(text);
  }

  // What the server says of itself, once it serves.
  async ready(timeoutMs) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const text = this.#readyText();
      if (text !== undefined) return this.#begin(JSON.parse(text));
      if (this.#end) throw new Error(`parsimony-test: ${this.#howItEnded()} before it served${this.#endOfLog()}`);
      if (Date.now() > deadline) {
        await this.stop();
        throw new Error(`parsimony-test: the server did not start within ${timeoutMs} ms (option startTimeoutMs)${this.#endOfLog()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, kPollMs));
    }
  }

  #begin(ready) {
    this.#isReady = true;
    this.#folder.empty();
    if (this.#log) process.stderr.write(this.#log);
    return ready;
  }

  async stop() {
    if (!this.#end) {
      this.#child.ref();
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), kStopTimeoutMs);
      await this.#ended;
      clearTimeout(timer);
    }
  }

  // At the end of this process nobody can wait: the server is told, and takes its data along.
  endNow() {
    this.#child.kill('SIGTERM');
    this.#folder.remove();
  }

  #readyText() {
    try {
      return fs.readFileSync(this.#folder.readyFile, 'utf8');
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #howItEnded() {
    const { error, code, signal } = this.#end;
    if (error) return `${this.#child.spawnfile} could not be started (${error.message})`;
    return `the server ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`;
  }

  #endOfLog() {
    const text = this.#log.slice(-kShownCharacters).trim();
    return text ? `. It said:\n${text}` : ' and said nothing';
  }
}
