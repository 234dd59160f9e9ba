// Sends the steps of a scenario to a server and makes its answers comparable.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { keys, queryString, send } from '../support/client.mjs';

const kFolder = path.dirname(fileURLToPath(import.meta.url));
const kScenarios = path.join(kFolder, 'scenarios');

// The system classes come first, since their recording needs a database in which nobody has signed up yet.
const byName = (a, b) => Number(b === 'system-classes') - Number(a === 'system-classes') || (a < b ? -1 : 1);

export const topics = fs
  .readdirSync(kScenarios)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => path.basename(name, '.mjs'))
  .sort(byName);

export async function stepsOf(topic) {
  const { steps, differences = {} } = await import(pathToFileURL(path.join(kScenarios, `${topic}.mjs`)));
  const names = new Set(steps.map((step) => step.name));
  const twice = steps.find((step, index) => steps.findIndex(({ name }) => name === step.name) < index);
  if (twice) throw new Error(`${topic}: a step is called ${twice.name} a second time`);
  for (const name of Object.keys(differences)) if (!names.has(name)) throw new Error(`${topic}: no step is called ${name}`);
  return steps.map((step) => ({ ...step, difference: differences[step.name] }));
}

export const recordedFile = (topic) => path.join(kFolder, 'recorded', `${topic}.json`);

const kAppId = { 'X-Parse-Application-Id': keys.appId };
const kClient = { ...kAppId, 'X-Parse-Javascript-Key': keys.javascriptKey };
const kCallers = {
  client: kClient,
  master: { ...kAppId, 'X-Parse-Master-Key': keys.masterKey },
  readOnly: { ...kAppId, 'X-Parse-Master-Key': keys.readOnlyMasterKey },
  maintenance: { ...kClient, 'X-Parse-Maintenance-Key': keys.maintenanceKey },
  nobody: {},
};

function headersOf({ as = 'client', headers = {} }) {
  const caller = as.session ? { ...kClient, 'X-Parse-Session-Token': `$id(${as.session})` } : kCallers[as];
  return { ...caller, ...headers };
}

const filledIn = (value, saved) =>
  JSON.parse(
    JSON.stringify(value).replace(/\$id\((\w+)\)/g, (_, name) => {
      if (!saved.has(name)) throw new Error(`no step saved ${name}`);
      return saved.get(name);
    }),
  );

const valueAt = (json, place) => place.split('.').reduce((value, key) => value?.[key], json);

function keep(saved, saves, json) {
  const places = typeof saves === 'string' ? { [saves]: 'objectId' } : (saves ?? {});
  for (const [name, place] of Object.entries(places)) {
    const value = valueAt(json, place);
    if (typeof value !== 'string') throw new Error(`nothing to save as ${name} in ${JSON.stringify(json)}`);
    saved.set(name, value);
  }
}

// Saved ids under their names; they are the keys of an ACL, too.
function withNames(text, saved) {
  let result = text;
  for (const [name, value] of saved) result = result.replaceAll(value, `$id(${name})`);
  return result;
}

// Ids, dates, tokens and addresses differ from run to run.
function withoutChance(text, key, { saved, origin }) {
  if (/^(createdAt|updatedAt|expiresAt)$/.test(key) && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return '$date';
  const result = withNames(text.replaceAll(origin, '$origin'), saved);
  if (/^(objectId|_id)$/.test(key) && /^[A-Za-z0-9]{10}$/.test(result)) return '$id';
  if (key === 'username' && /^[A-Za-z0-9]{25}$/.test(result)) return '$username';
  return result.replace(/\br:[0-9a-f]{32}\b/g, '$token').replace(/[0-9a-f]{32}_/g, '$hash_');
}

function normalised(value, context, key = '') {
  if (typeof value === 'string') return withoutChance(value, key, context);
  if (Array.isArray(value)) return value.map((item) => normalised(item, context, key));
  if (value === null || typeof value !== 'object') return value;
  if (key === 'expiresAt' && value.__type === 'Date') return { ...value, iso: '$date' };
  const entries = Object.entries(value).map(([name, item]) => [withNames(name, context.saved), normalised(item, context, name)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const byText = (a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

export function comparable(step, response, context) {
  const body = normalised(response.json ?? response.text, context);
  const ordered = step.ordered ?? step.query?.order !== undefined;
  if (!ordered && Array.isArray(body?.results)) body.results.sort(byText);
  const headers = Object.fromEntries((step.shows ?? []).map((name) => [name, normalised(response.headers[name] ?? null, context)]));
  return { status: response.status, body, ...(step.shows ? { headers } : {}) };
}

// Our side of a difference, as it is written in a scenario, in the form of an answer.
export function expectedOurs(step) {
  const { status, body } = step.difference;
  return comparable({ ...step, shows: undefined }, { status, json: body }, { saved: new Map(), origin: 'no origin' });
}

// Yields {step, answer} one after the other; a step that cannot even be sent yields {step, failure}.
export async function* exchange(baseUrl, steps) {
  const context = { saved: new Map(), origin: new URL(baseUrl).origin };
  for (const step of steps) {
    try {
      const { path: route, query = {}, body } = filledIn({ path: step.path, query: step.query, body: step.body }, context.saved);
      const options = { headers: filledIn(headersOf(step), context.saved), anonymous: true };
      const response = await send(baseUrl, step.method, route + queryString(query), body, options);
      if (response.status < 300) keep(context.saved, step.saves, response.json);
      yield { step, answer: comparable(step, response, context) };
    } catch (failure) {
      yield { step, failure };
    }
  }
}
