// The code under test: a list of tasks, kept in a Parse backend.
export class Tasks {
  #url;
  #headers;

  constructor({ url, appId }) {
    this.#url = `${url}/classes/Task`;
    this.#headers = { 'X-Parse-Application-Id': appId, 'Content-Type': 'application/json' };
  }

  async #send(method, path, body) {
    const answer = await fetch(this.#url + path, { method, headers: this.#headers, body: body && JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(json.error);
    return json;
  }

  add = async (title) => (await this.#send('POST', '', { title })).objectId;
  finish = (id) => this.#send('PUT', `/${id}`, { done: true });

  async open() {
    const { results } = await this.#send('GET', `?where=${encodeURIComponent('{"done":false}')}&order=title`);
    return results.map((task) => task.title);
  }
}
