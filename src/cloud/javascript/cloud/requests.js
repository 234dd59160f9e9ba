// What every request object holds, and the values in it.
import { Parse } from '../sdk.js';
import { logger } from '../console.js';
import { serverConfig } from './server_config.js';

export const inflate = (className, json) => Parse.Object.fromJSON({ ...json, className: json.className ?? className });

export const userOf = (json) => (json ? Parse.Object.fromJSON({ ...json, className: '_User' }) : undefined);

/** The fields of a trigger's request; user and installation only where there are any. */
export function triggerRequest(triggerName, request, fields) {
  const made = {
    triggerName,
    ...fields,
    master: request.master === true,
    isReadOnly: request.isReadOnly === true,
    log: logger,
    headers: request.headers ?? {},
    ip: request.ip,
    config: serverConfig(),
  };
  if (request.user) made.user = userOf(request.user);
  if (request.installationId) made.installationId = request.installationId;
  return made;
}

export const contextOf = (request) => Object.assign(Object.create(null), request.context);

function decodeParam(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(decodeParam);
  if (value.__type === 'Date') return new Date(value.iso);
  if (value.__type === 'File') return Parse.File.fromJSON(value);
  if (value.__type === 'Pointer') return Parse.Object.fromJSON({ __type: 'Pointer', className: value.className, objectId: value.objectId });
  return decodeParams(value);
}

/** Dates, files and pointers become objects, everything else stays as it was sent. */
export function decodeParams(params) {
  const decoded = {};
  for (const key of Object.keys(params ?? {})) {
    if (key !== '__proto__') decoded[key] = decodeParam(params[key]);
  }
  return decoded;
}

/** Files of a form: {filename, contentType, data}, where data is a Buffer. */
function addFiles(params, files) {
  for (const name of Object.keys(files ?? {})) {
    if (name !== '__proto__') params[name] = { ...files[name], data: Buffer.from(files[name].data, 'base64') };
  }
  return params;
}

export const functionRequest = (name, request) => ({
  params: addFiles(decodeParams(request.params), request.files),
  config: serverConfig(),
  master: request.master === true,
  isReadOnly: request.isReadOnly === true,
  user: userOf(request.user),
  installationId: request.installationId,
  log: logger,
  headers: request.headers ?? {},
  ip: request.ip,
  functionName: name,
  context: request.context ?? {},
});

export const jobRequest = (name, request, message) => ({
  params: decodeParams(request.params),
  message,
  jobId: request.jobId,
  jobName: name,
  log: logger,
  headers: request.headers ?? {},
  ip: request.ip,
  config: serverConfig(),
});
