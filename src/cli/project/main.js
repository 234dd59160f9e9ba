// Cloud Code: functions that clients call, and triggers that run when objects are saved, deleted or found.

Parse.Cloud.define('hello', (request) => `Hello, ${request.params.name ?? 'world'}!`);

Parse.Cloud.beforeSave('Task', ({ object }) => {
  if (object.get('title')?.trim() === '') throw new Parse.Error(Parse.Error.VALIDATION_ERROR, 'A task needs a title.');
});
