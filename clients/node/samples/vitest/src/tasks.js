// The code under test: a list of tasks, kept in a Parse backend. Parse.initialize() is the caller's.
import Parse from 'parse/node';

const kTask = 'Task';

export async function addTask(title) {
  return (await new Parse.Object(kTask).save({ title })).id;
}

export async function finishTask(id) {
  await Parse.Object.extend(kTask).createWithoutData(id).save({ done: true });
}

export async function openTasks() {
  const found = await new Parse.Query(kTask).equalTo('done', false).ascending('title').find();
  return found.map((task) => task.get('title'));
}
