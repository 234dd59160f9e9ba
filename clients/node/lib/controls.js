// The test controls of a running server, over HTTP with its master key.
import http from 'node:http';

export class Controls {
  #url;
  #headers;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

  constructor(url, appId, masterKey) {
    this.#url = url;
    this.#headers = { 'X-Parse-Application-Id': appId, 'X-Parse-Master-Key': masterKey };
  }

  methods() {
    return {
      reset: () => this.#post('reset'),
      snapshot: (name) => this.#post('snapshot', { name }),
      restore: (name) => this.#post('restore', { name }),
      clock: this.#clock(),
      seed: (value, { tokens } = {}) => this.#post('seed', { seed: value, tokens }),
      mails: this.#outbox('mails'),
      pushes: this.#outbox('pushes'),
    };
  }

  close() {
    this.#agent.destroy();
  }

  #clock() {
    const set = async (body) => new Date((await this.#send('POST', 'clock', body)).now);
    const iso = (date) => new Date(date).toISOString();
    return {
      now: async () => new Date((await this.#send('GET', 'clock')).now),
      set: (date) => set({ now: iso(date) }),
      advance: (ms) => set({ advanceMs: ms }),
      freeze: (date) => set({ freeze: true, ...(date === undefined ? {} : { now: iso(date) }) }),
      resume: () => set({ freeze: false }),
      real: () => set({ real: true }),
    };
  }

  #outbox(name) {
    const list = async () => (await this.#send('GET', name)).results;
    const clear = async () => {
      await this.#send('DELETE', name);
    };
    return Object.assign(list, { clear });
  }

  async #post(control, body = {}) {
    await this.#send('POST', control, body);
  }

  async #send(method, control, body) {
    const { status, text } = await this.#exchange(method, `${this.#url}/_test/${control}`, body && JSON.stringify(body));
    const answer = text ? JSON.parse(text) : undefined;
    if (status >= 200 && status < 300) return answer;
    throw new Error(`parsimony-test: ${method} _test/${control} was refused (${status}): ${answer?.error ?? text}`);
  }

  #exchange(method, url, body) {
    const headers = { ...this.#headers };
    if (body !== undefined) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    return new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers, agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.once('error', reject).once('end', () => resolve({ status: response.statusCode, text }));
      });
      request.once('error', reject).end(body);
    });
  }
}
