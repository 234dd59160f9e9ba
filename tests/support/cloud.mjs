// Servers with Cloud Code for tests.
import fs from 'node:fs';
import path from 'node:path';
import { startOwnServer, temporaryFolder } from './server.mjs';

// A folder with main.js and other files: {'main.js': source, 'lib/a.js': source, ...}; a text is main.js alone.
export function cloudFolder(files) {
  const folder = path.join(temporaryFolder(), 'cloud');
  for (const [name, source] of Object.entries(typeof files === 'string' ? { 'main.js': files } : files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, source);
  }
  return folder;
}

// A server that runs these files; a function stands for its body. Answers what startOwnServer answers, and `cloud`, the folder, and
// call(name, params, options).
export async function startCloud(code, { args = [], ...options } = {}) {
  const files = typeof code === 'function' ? code.toString().replace(/^[^{]*\{|\}$/g, '') : code;
  const folder = cloudFolder(files);
  const server = await startOwnServer({ ...options, args: ['--cloud', path.join(folder, 'main.js'), ...args] });
  const call = (name, params, as) => server.api.request('POST', `/functions/${name}`, params ?? {}, as);
  return { ...server, cloud: folder, call };
}
