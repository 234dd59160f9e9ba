// Triggers on files: Parse.Cloud.beforeSave(Parse.File, ...) and the others.
import { Parse } from '../sdk.js';
import { triggerRequest } from './requests.js';

function fileOf({ name, url, data, contentType, metadata, tags, directory }) {
  const file = new Parse.File(name, data === undefined ? undefined : { base64: data }, contentType, metadata, tags);
  if (url) file._url = url;
  if (directory) file.setDirectory(directory);
  return file;
}

const typeOf = (file) => file._source?.type || undefined;

function dataOf(file) {
  if (file._source?.format === 'buffer') return file._source.buffer.toString('base64');
  return file._data;
}

const described = (file) => ({
  name: file.name(),
  url: file.url(),
  data: dataOf(file),
  metadata: file.metadata(),
  tags: file.tags(),
  contentType: typeOf(file),
  directory: file.directory?.(),
});

const request = (name, className, json) => triggerRequest(name, json, { file: fileOf(json.file), fileSize: json.fileSize ?? null });

const fileIn = (returned, fallback) =>
  returned instanceof Parse.File ? returned : returned?.file instanceof Parse.File ? returned.file : fallback;

/** Bytes that are the stored ones still need not go back. */
const withoutData = (file, stored) => (file.data === stored ? { ...file, data: undefined } : file);

const download = (name, className, { forceDownload = false, responseHeaders = {}, ...json }) => ({
  ...triggerRequest(name, json, { file: fileOf(json.file) }),
  forceDownload,
  responseHeaders,
});

const texts = {
  beforeSave: (name) => ({ code: Parse.Error.FILE_SAVE_ERROR, message: `Could not store file: ${name}.` }),
  beforeDelete: () => ({ code: Parse.Error.FILE_DELETE_ERROR, message: 'Could not delete file.' }),
  beforeFind: (name) => ({ message: `Could not find file: ${name}.` }),
};
texts.afterSave = texts.beforeSave;
texts.afterDelete = texts.beforeDelete;
texts.afterFind = texts.beforeFind;

export const fileTriggers = {
  default: { request, answer: () => ({}) },
  beforeSave: { request, answer: ({ file }, returned) => ({ file: described(fileIn(returned, file)) }) },
  beforeFind: {
    request: (name, className, json) => triggerRequest(name, json, { file: fileOf(json.file) }),
    answer: ({ file }, returned) => ({ file: { name: fileIn(returned, file).name() } }),
  },
  afterFind: {
    request: download,
    answer: ({ file, forceDownload, responseHeaders }, returned, json) => ({
      file: withoutData(described(fileIn(returned, file)), json.file.data),
      forceDownload: Boolean(forceDownload),
      responseHeaders,
    }),
  },
  errors: (name, json) => texts[name]?.(json.file?.name) ?? {},
};
