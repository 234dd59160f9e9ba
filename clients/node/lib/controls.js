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
    };
  }

  close() {
    this.#agent.destroy();
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
