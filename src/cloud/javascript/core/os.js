// Node's os: what a sandbox may tell.

export const EOL = '\n';
export const devNull = '/dev/null';
export const platform = () => 'linux';
export const type = () => 'Linux';
export const arch = () => 'wasm32';
export const release = () => '';
export const version = () => '';
export const hostname = () => 'localhost';
export const homedir = () => '/';
export const tmpdir = () => '/tmp';
export const endianness = () => 'LE';
export const cpus = () => [];
export const availableParallelism = () => 1;
export const loadavg = () => [0, 0, 0];
export const totalmem = () => 0;
export const freemem = () => 0;
export const uptime = () => 0;
export const networkInterfaces = () => ({});
