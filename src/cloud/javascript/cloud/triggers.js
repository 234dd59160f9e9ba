// Runs triggers: each kind makes its request from what the host sends and its answer from what the code did.
import { find } from './registry.js';
import { contextOf, inflate, triggerRequest } from './requests.js';
import { refusedBy } from './refusal.js';
import { applySave, changedFields, revertedBy, saveOf } from './objects.js';
import { fileTriggers } from './file_triggers.js';
import { configTriggers } from './config_triggers.js';
import { afterFind, beforeFind } from './find_triggers.js';
import { validate } from './validators.js';

const withOriginal = (className, json) => (json.original ? { original: inflate(className, json.original) } : {});

const objectRequest = (name, className, json) =>
  triggerRequest(name, json, { object: inflate(className, json.object), ...withOriginal(className, json), context: contextOf(json) });

const nothing = () => ({});

// It has no context, as in Parse Server.
const afterLogout = {
  request: (name, className, json) => triggerRequest(name, json, { object: inflate(className, json.object) }),
  answer: nothing,
};

const onObject = { request: objectRequest, answer: nothing };

const beforeSave = {
  request: (name, className, json) =>
    triggerRequest(name, json, { object: applySave(className, json), ...withOriginal(className, json), context: contextOf(json) }),
  answer({ object }, returned, json) {
    const reverted = revertedBy(object, json);
    return { update: saveOf(object, json), ...(reverted.length ? { reverted } : {}) };
  },
};

const afterSave = {
  request(name, className, json) {
    const request = objectRequest(name, className, json);
    request.object._setExisted(Boolean(json.original));
    return request;
  },
  answer: (request, returned) => changedFields(request.object, returned),
};

const triggers = {
  beforeSave,
  afterSave,
  beforeDelete: onObject,
  afterDelete: onObject,
  beforeLogin: onObject,
  afterLogin: onObject,
  afterLogout,
  beforePasswordResetRequest: onObject,
  beforeFind,
  afterFind,
};

function shapeOf(name, className) {
  if (className === '@File') return fileTriggers[name] ?? fileTriggers.default;
  if (className === '@Config') return configTriggers;
  return triggers[name] ?? onObject;
}

const unknown = 'Script failed. Unknown error.';

/** What is answered for errors that say nothing themselves. */
export const triggerDefaults = (name, className, json) => (className === '@File' ? fileTriggers.errors(name, json) : { message: unknown });

const withContext = (answer, request) => (request.context === undefined ? answer : { ...answer, context: request.context });

export async function runTrigger(name, className, json) {
  const trigger = find('trigger', name, className);
  if (!trigger) return {};
  const shape = shapeOf(name, className);
  const request = shape.request(name, className, json);
  const skipped = await validate(trigger.validator, request, json.userRoles).catch(refusedBy);
  const returned = skipped ? undefined : await trigger.handler(request);
  return withContext(shape.answer(request, returned, json), request);
}
