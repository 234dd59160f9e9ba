// The routes below /_test of a server, as calls with the master key.
export function controlsOf(api) {
  const call = (method, path, body) => api.request(method, `/_test/${path}`, body, { master: true });
  return {
    call,
    reset: () => call('POST', 'reset'),
    snapshot: (name) => call('POST', 'snapshot', { name }),
    restore: (name) => call('POST', 'restore', { name }),
    snapshots: () => call('GET', 'snapshot'),
    removeSnapshot: (name) => call('DELETE', `snapshot/${encodeURIComponent(name)}`),
    removeSnapshots: () => call('DELETE', 'snapshot'),
    clock: (setting) => (setting === undefined ? call('GET', 'clock') : call('POST', 'clock', setting)),
    seed: (seed, more) => call('POST', 'seed', { seed, ...more }),
  };
}
