// Where in the users' code a call of the SDK failed. The engine gives an error its stack when it is made, and one that has none when it is
// thrown. Errors of calls are made where none of the users' code runs: they lose that stack, and so get the line of the `await` that
// throws them. A call that succeeds pays for one more reaction of its promise, and for nothing else.
import { firstPlaceOf } from './errors.js';
import { isParseError, Parse } from './sdk.js';

/** [owner, names of its methods whose promises fail with what the server says] */
const calls = [
  [Parse.Query.prototype, 'get find findAll count distinct aggregate first eachBatch each map reduce filter'],
  [Parse.Object.prototype, 'fetch fetchWithInclude save destroy exists'],
  [Parse.Object, 'fetchAll fetchAllWithInclude fetchAllIfNeeded fetchAllIfNeededWithInclude saveAll destroyAll'],
  [Parse.User.prototype, 'fetch fetchWithInclude save destroy signUp logIn verifyPassword linkWith'],
  [Parse.User, 'signUp logIn logInWith logInWithAdditionalAuth loginAs become me logOut requestPasswordReset verifyPassword'],
  [Parse.User, 'requestEmailVerification'],
  [Parse.Installation.prototype, 'fetch save'],
  [Parse.File.prototype, 'getData save destroy'],
  [Parse.Cloud, 'run startJob getJobStatus getJobsData'],
  [Parse.Config, 'get save'],
  [Parse.Session, 'current'],
  [Parse.Schema.prototype, 'get save update delete purge'],
  [Parse.Schema, 'all'],
];

function forgetOwnFrames(error) {
  if (isParseError(error) && firstPlaceOf(error) === undefined) delete error.stack;
  return Promise.reject(error);
}

/** Whether a call is being begun: what it calls in turn need not be followed as well. */
let isWithin = false;

function follow(owner, name) {
  const call = owner[name];
  const value = {
    [name](...args) {
      if (isWithin) return call.apply(this, args);
      isWithin = true;
      try {
        const answer = call.apply(this, args);
        return answer instanceof Promise ? answer.then(undefined, forgetOwnFrames) : answer;
      } finally {
        isWithin = false;
      }
    },
  }[name];
  Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value });
}

for (const [owner, names] of calls) for (const name of names.split(' ')) follow(owner, name);

// What nobody awaited has no line; who asks for its stack expects a text.
Object.defineProperty(Parse.Error.prototype, 'stack', { value: '', writable: true, configurable: true });
