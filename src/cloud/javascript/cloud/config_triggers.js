// Triggers on the global config: Parse.Cloud.beforeSave(Parse.Config, ...) and afterSave.
import { Parse } from '../sdk.js';
import { contextOf, triggerRequest } from './requests.js';

function configOf({ params = {} } = {}) {
  const config = new Parse.Config();
  config.attributes = Parse._decode(undefined, params);
  return config;
}

const paramsOf = (config) => Parse._encode(config.attributes);

export const configTriggers = {
  request: (name, className, json) =>
    triggerRequest(name, json, {
      object: configOf(json.object),
      ...(json.original ? { original: configOf(json.original) } : {}),
      context: contextOf(json),
    }),
  answer: ({ object }, returned, json) => {
    const params = paramsOf(returned instanceof Parse.Config ? returned : object);
    return JSON.stringify(params) === JSON.stringify(json.object?.params ?? {}) ? {} : { object: { params } };
  },
};
