// The Parse JavaScript SDK as a client: users, sessions, roles and ACLs.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import Parse from 'parse/node';
import { keys } from '../support/client.mjs';
import { startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
Parse.initialize(keys.appId, keys.javascriptKey, keys.masterKey);
Parse.serverURL = server.url;
Parse.User.enableUnsafeCurrentUser();

const kPassword = 'secret';
const kMaster = { useMasterKey: true };
const Note = Parse.Object.extend(uniqueName('SdkNote'));
const as = (user) => ({ sessionToken: user.getSessionToken() });
const rejectsWith = (promise, code) => assert.rejects(promise, (error) => error instanceof Parse.Error && error.code === code);
const newName = (name) => `${uniqueName(name)}_${Math.random().toString(36).slice(2, 8)}`;

// A user that is signed up and not the current one any more, though the session goes on.
async function somebody(name, fields = {}) {
  const user = await Parse.User.signUp(newName(name), kPassword, fields);
  Parse.User._clearCache();
  await Parse.Storage.removeItemAsync(Parse.Storage.generatePath('currentUser'));
  return { user, token: user.getSessionToken() };
}

afterEach(() => Parse.User.logOut().catch(() => undefined));

describe('signing up and logging in', () => {
  test('signUp makes the current user', async () => {
    const user = new Parse.User();
    const name = newName('signUp');
    await user.signUp({ username: name, password: kPassword, email: `${name}@example.com`, nick: 'N' });
    assert.match(user.id, /^\w{10}$/);
    assert.match(user.getSessionToken(), /^r:[0-9a-f]{32}$/);
    assert.ok(user.isCurrent());
    assert.ok(user.authenticated());
    assert.equal(Parse.User.current().id, user.id);
    assert.equal(user.getUsername(), name);
    assert.equal(user.getEmail(), `${name}@example.com`);
    assert.equal(user.get('password'), undefined);
    await user.fetch();
    assert.ok(user.getACL().getReadAccess(user.id) && user.getACL().getWriteAccess(user.id));
    assert.ok(!user.getACL().getPublicReadAccess());
    assert.equal(user.get('nick'), 'N');
  });

  test('Parse.User.signUp with fields', async () => {
    const user = await Parse.User.signUp(newName('static'), kPassword, { age: 5, tags: ['a'] });
    assert.equal((await user.fetch()).get('age'), 5);
    assert.deepEqual(user.get('tags'), ['a']);
  });

  test('what is missing or taken', async () => {
    const name = newName('taken');
    await Parse.User.signUp(name, kPassword, { email: `${name}@example.com` });
    await rejectsWith(Parse.User.signUp(name, 'x'), Parse.Error.USERNAME_TAKEN);
    await rejectsWith(Parse.User.signUp(name.toUpperCase(), 'x'), Parse.Error.USERNAME_TAKEN);
    await rejectsWith(Parse.User.signUp(newName('other'), 'x', { email: `${name}@EXAMPLE.com` }), Parse.Error.EMAIL_TAKEN);
    await rejectsWith(Parse.User.signUp(newName('other'), 'x', { email: 'nowhere' }), Parse.Error.INVALID_EMAIL_ADDRESS);
    await rejectsWith(new Parse.User({ username: newName('noPassword') }).signUp(), Parse.Error.OTHER_CAUSE);
  });

  test('logIn, by name and by email', async () => {
    const name = newName('logIn');
    const { id } = await Parse.User.signUp(name, kPassword, { email: `${name}@example.com` });
    await Parse.User.logOut();
    assert.equal(Parse.User.current(), null);
    const user = await Parse.User.logIn(name, kPassword);
    assert.equal(user.id, id);
    assert.ok(user.isCurrent());
    assert.ok(user.createdAt instanceof Date);
    assert.equal(user.getEmail(), `${name}@example.com`);
    assert.equal((await Parse.User.logIn(`${name}@example.com`, kPassword)).id, id);
    assert.equal((await new Parse.User({ username: name, password: kPassword }).logIn()).id, id);
    assert.equal((await Parse.User.logIn(name, kPassword, { usePost: false })).id, id);
  });

  test('a wrong password', async () => {
    const user = await Parse.User.signUp(newName('wrong'), kPassword);
    await rejectsWith(Parse.User.logIn(user.getUsername(), 'other'), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(Parse.User.logIn(newName('nobody'), kPassword), Parse.Error.OBJECT_NOT_FOUND);
  });

  test('verifyPassword makes no session', async () => {
    const user = await Parse.User.signUp(newName('verify'), kPassword);
    await Parse.User.logOut();
    const verified = await Parse.User.verifyPassword(user.getUsername(), kPassword);
    assert.equal(verified.objectId ?? verified.id, user.id);
    assert.equal(Parse.User.current(), null);
    await rejectsWith(Parse.User.verifyPassword(user.getUsername(), 'other'), Parse.Error.OBJECT_NOT_FOUND);
  });

  test('logOut ends the session', async () => {
    const user = await Parse.User.signUp(newName('logOut'), kPassword);
    const token = user.getSessionToken();
    await Parse.User.logOut();
    assert.equal(Parse.User.current(), null);
    await rejectsWith(Parse.User.me(token), Parse.Error.INVALID_SESSION_TOKEN);
    await rejectsWith(new Parse.Query(Note).find({ sessionToken: token }), Parse.Error.INVALID_SESSION_TOKEN);
  });

  test('become, me and hydrate', async () => {
    const { user, token } = await somebody('become', { nick: 'B' });
    assert.equal((await Parse.User.me(token)).get('nick'), 'B');
    assert.equal(Parse.User.current(), null);
    const same = await Parse.User.become(token);
    assert.equal(same.id, user.id);
    assert.equal(same.getSessionToken(), token);
    assert.equal(Parse.User.current().id, user.id);
    await rejectsWith(Parse.User.become('r:00000000000000000000000000000000'), Parse.Error.INVALID_SESSION_TOKEN);
  });

  test('loginAs by the master key', async () => {
    const { user } = await somebody('loginAs');
    const same = await Parse.User.loginAs(user.id);
    assert.equal(same.id, user.id);
    assert.equal((await Parse.User.me(same.getSessionToken())).id, user.id);
    await rejectsWith(Parse.User.loginAs('doesNotEx1'), Parse.Error.OBJECT_NOT_FOUND);
  });
});

describe('the current user', () => {
  let user;
  before(async () => ({ user } = await somebody('current')));

  test('changes itself', async () => {
    await user.save({ nick: 'new', count: 1 }, as(user));
    user.increment('count');
    user.addUnique('tags', 'a');
    await user.save(null, as(user));
    const read = await new Parse.Query(Parse.User).get(user.id, as(user));
    assert.deepEqual([read.get('nick'), read.get('count'), read.get('tags')], ['new', 2, ['a']]);
  });

  test('changes its name, and logs in with it', async () => {
    const name = newName('renamed');
    const renamed = (await somebody('former')).user;
    await renamed.save({ username: name }, as(renamed));
    assert.equal((await Parse.User.logIn(name, kPassword)).id, renamed.id);
  });

  test('a new password ends the other sessions', async () => {
    const changing = await Parse.User.signUp(newName('password'), kPassword);
    const former = changing.getSessionToken();
    await changing.save({ password: 'changed' });
    assert.notEqual(changing.getSessionToken(), former);
    assert.equal((await Parse.User.me(changing.getSessionToken())).id, changing.id);
    await rejectsWith(Parse.User.me(former), Parse.Error.INVALID_SESSION_TOKEN);
    await rejectsWith(Parse.User.logIn(changing.getUsername(), kPassword), Parse.Error.OBJECT_NOT_FOUND);
    assert.equal((await Parse.User.logIn(changing.getUsername(), 'changed')).id, changing.id);
  });

  test('neither sees nor changes others', async () => {
    const other = (await somebody('private')).user;
    await rejectsWith(new Parse.Query(Parse.User).get(other.id, as(user)), Parse.Error.OBJECT_NOT_FOUND);
    assert.deepEqual(await new Parse.Query(Parse.User).equalTo('username', other.getUsername()).find(as(user)), []);
    assert.equal((await new Parse.Query(Parse.User).get(other.id, kMaster)).id, other.id);
    other.set('nick', 'x');
    await rejectsWith(other.save(null, as(user)), Parse.Error.SESSION_MISSING);
    await rejectsWith(other.destroy(as(user)), Parse.Error.SESSION_MISSING);
  });

  test('opens itself to others, but not its email', async () => {
    const name = newName('open');
    const open = await Parse.User.signUp(name, kPassword, { email: `${name}@example.com` });
    const acl = new Parse.ACL(open);
    acl.setPublicReadAccess(true);
    await open.save({ ACL: acl });
    const seen = await new Parse.Query(Parse.User).get(open.id, as(user));
    assert.equal(seen.getUsername(), name);
    assert.equal(seen.get('email'), undefined);
    assert.equal((await open.fetch()).get('email'), `${name}@example.com`);
    await rejectsWith(new Parse.Query(Parse.User).equalTo('email', `${name}@example.com`).find(as(user)), Parse.Error.OPERATION_FORBIDDEN);
  });

  test('leaves', async () => {
    const leaving = await Parse.User.signUp(newName('leaving'), kPassword);
    const token = leaving.getSessionToken();
    await leaving.destroy();
    await rejectsWith(Parse.User.logIn(leaving.getUsername(), kPassword), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(Parse.User.me(token), Parse.Error.INVALID_SESSION_TOKEN);
  });

  test('is a subclass when one is registered', async () => {
    class Member extends Parse.User {
      constructor(attributes) {
        super(attributes);
      }
      greet() {
        return `I am ${this.getUsername()}`;
      }
    }
    Parse.Object.registerSubclass('_User', Member);
    try {
      const member = await Member.logIn((await somebody('member')).user.getUsername(), kPassword);
      assert.match(member.greet(), /^I am member/);
    } finally {
      Parse.Object.registerSubclass('_User', Parse.User);
    }
  });
});

describe('anonymous users', () => {
  test('logIn, and the same id again is the same user', async () => {
    const user = await Parse.AnonymousUtils.logIn();
    assert.ok(Parse.AnonymousUtils.isLinked(user));
    assert.ok(user.getUsername());
    const authData = user.get('authData') ?? user._getServerData().authData;
    const again = await Parse.User.logInWith('anonymous', { authData: authData.anonymous });
    assert.equal(again.id, user.id);
    assert.notEqual(again.getSessionToken(), undefined);
  });

  test('become full users with a name and a password', async () => {
    const user = await Parse.AnonymousUtils.logIn();
    const note = await new Note().save({ text: 'mine', ACL: new Parse.ACL(user) });
    const name = newName('full');
    user.setUsername(name);
    user.setPassword(kPassword);
    await user.signUp();
    assert.ok(!Parse.AnonymousUtils.isLinked(user));
    await Parse.User.logOut();
    const full = await Parse.User.logIn(name, kPassword);
    assert.equal(full.id, user.id);
    assert.equal((await new Parse.Query(Note).get(note.id, as(full))).get('text'), 'mine');
  });

  test('linkWith and unlink', async () => {
    const user = await Parse.User.signUp(newName('link'), kPassword);
    await user.linkWith('anonymous', { authData: { id: newName('id') } });
    assert.ok(user._isLinked('anonymous'));
    assert.ok((await new Parse.Query(Parse.User).get(user.id)).get('authData').anonymous.id);
    await user._unlinkFrom('anonymous');
    assert.ok(!user._isLinked('anonymous'));
    assert.equal((await new Parse.Query(Parse.User).get(user.id)).get('authData')?.anonymous, undefined);
  });

  test('an id that is taken cannot be linked', async () => {
    const id = newName('taken');
    await Parse.User.logInWith('anonymous', { authData: { id } });
    await Parse.User.logOut();
    const user = await Parse.User.signUp(newName('second'), kPassword);
    await rejectsWith(user.linkWith('anonymous', { authData: { id } }), Parse.Error.ACCOUNT_ALREADY_LINKED);
  });
});

describe('sessions', () => {
  test('Parse.Session.current tells how it began', async () => {
    const user = await Parse.User.signUp(newName('session'), kPassword);
    const session = await Parse.Session.current();
    assert.equal(session.getSessionToken(), user.getSessionToken());
    assert.equal(session.get('user').id, user.id);
    assert.deepEqual(session.get('createdWith'), { action: 'signup', authProvider: 'password' });
    assert.ok(session.get('expiresAt') > new Date());
    assert.ok(session.get('installationId'));
    assert.ok(Parse.Session.isCurrentSessionRevocable());
  });

  test('one sees the own alone', async () => {
    const { user } = await somebody('own');
    const { user: other } = await somebody('others');
    const seen = await new Parse.Query(Parse.Session).find(as(user));
    assert.ok(seen.length >= 1);
    for (const session of seen) assert.equal(session.get('user').id, user.id);
    const theirs = await new Parse.Query(Parse.Session).equalTo('user', other).find(kMaster);
    assert.ok(theirs.length >= 1);
    await rejectsWith(new Parse.Query(Parse.Session).get(theirs[0].id, as(user)), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(theirs[0].destroy(as(user)), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(new Parse.Query(Parse.Session).find(), Parse.Error.INVALID_SESSION_TOKEN);
  });

  test('a field of the own', async () => {
    await Parse.User.signUp(newName('field'), kPassword);
    const session = await Parse.Session.current();
    await session.save({ note: 'x' });
    assert.equal((await Parse.Session.current()).get('note'), 'x');
  });

  test('deleting one ends it', async () => {
    const user = await Parse.User.signUp(newName('ended'), kPassword);
    const session = await Parse.Session.current();
    await session.destroy();
    await rejectsWith(Parse.User.me(user.getSessionToken()), Parse.Error.INVALID_SESSION_TOKEN);
  });
});

describe('ACLs', () => {
  let ann;
  let bob;
  before(async () => {
    ({ user: ann } = await somebody('ann'));
    ({ user: bob } = await somebody('bob'));
  });

  test('of one user', async () => {
    const note = await new Note().save({ text: 'mine', ACL: new Parse.ACL(ann) }, as(ann));
    assert.equal((await new Parse.Query(Note).get(note.id, as(ann))).get('text'), 'mine');
    for (const options of [as(bob), {}]) {
      await rejectsWith(new Parse.Query(Note).get(note.id, options), Parse.Error.OBJECT_NOT_FOUND);
      await rejectsWith(note.save({ text: 'x' }, options), Parse.Error.OBJECT_NOT_FOUND);
      await rejectsWith(note.destroy(options), Parse.Error.OBJECT_NOT_FOUND);
    }
    assert.equal((await new Parse.Query(Note).get(note.id, kMaster)).getACL().getReadAccess(ann), true);
  });

  test('by which one reads and another writes', async () => {
    const acl = new Parse.ACL();
    acl.setReadAccess(ann, true);
    acl.setWriteAccess(bob, true);
    const note = await new Note().save({ text: 'shared', ACL: acl }, kMaster);
    await rejectsWith(note.save({ text: 'x' }, as(ann)), Parse.Error.OBJECT_NOT_FOUND);
    await note.save({ text: 'by bob' }, as(bob));
    assert.equal((await new Parse.Query(Note).get(note.id, as(ann))).get('text'), 'by bob');
    assert.equal(await new Parse.Query(Note).equalTo('objectId', note.id).count(as(ann)), 1);
    assert.equal(await new Parse.Query(Note).equalTo('objectId', note.id).count(as(bob)), 0);
  });

  test('changed later', async () => {
    const note = await new Note().save({ text: 'open' });
    note.setACL(new Parse.ACL(ann));
    await note.save(null, as(ann));
    await rejectsWith(note.save({ text: 'x' }, as(bob)), Parse.Error.OBJECT_NOT_FOUND);
    const open = new Parse.ACL();
    open.setPublicReadAccess(true);
    open.setPublicWriteAccess(true);
    note.setACL(open);
    await note.save(null, as(ann));
    await note.save({ text: 'by bob' }, as(bob));
  });

  test('in saveAll, destroyAll and include', async () => {
    const [mine, theirs] = [new Note({ ACL: new Parse.ACL(ann), n: 1 }), new Note({ ACL: new Parse.ACL(bob), n: 2 })];
    await Parse.Object.saveAll([mine, theirs], kMaster);
    const holder = await new Note().save({ list: [mine, theirs], one: theirs }, kMaster);
    const seen = await new Parse.Query(Note).include('list', 'one').get(holder.id, as(ann));
    assert.deepEqual(
      seen.get('list').map((note) => note.get('n')),
      [1],
    );
    assert.equal(seen.get('one'), undefined);
    await assert.rejects(Parse.Object.destroyAll([mine, theirs], as(ann)), (error) => error.code === Parse.Error.AGGREGATE_ERROR);
    assert.equal(await new Parse.Query(Note).containedIn('n', [1, 2]).containedIn('objectId', [mine.id, theirs.id]).count(kMaster), 1);
  });
});

describe('roles', () => {
  let ann;
  let bob;
  let parent;
  let child;
  const readable = () => {
    const acl = new Parse.ACL();
    acl.setPublicReadAccess(true);
    return acl;
  };
  before(async () => {
    ({ user: ann } = await somebody('ann'));
    ({ user: bob } = await somebody('bob'));
    parent = new Parse.Role(uniqueName('SdkParent'), readable());
    parent.getUsers().add(ann);
    await parent.save(null, kMaster);
    child = new Parse.Role(uniqueName('SdkChild'), readable());
    child.getUsers().add(bob);
    await child.save(null, kMaster);
  });

  test('are found with their members', async () => {
    const found = await new Parse.Query(Parse.Role).equalTo('name', parent.getName()).first();
    assert.equal(found.id, parent.id);
    const members = await found.getUsers().query().find(kMaster);
    assert.deepEqual(
      members.map(({ id }) => id),
      [ann.id],
    );
  });

  test('grant what an ACL says, to members of child roles, too', async () => {
    const acl = new Parse.ACL();
    acl.setRoleReadAccess(parent, true);
    acl.setRoleWriteAccess(parent.getName(), true);
    const note = await new Note().save({ text: 'of the role', ACL: acl }, kMaster);
    await new Parse.Query(Note).get(note.id, as(ann));
    await rejectsWith(new Parse.Query(Note).get(note.id, as(bob)), Parse.Error.OBJECT_NOT_FOUND);
    parent.getRoles().add(child);
    await parent.save(null, kMaster);
    await new Parse.Query(Note).get(note.id, as(bob));
    await note.save({ text: 'by bob' }, as(bob));
    child.getUsers().remove(bob);
    await child.save(null, kMaster);
    await rejectsWith(new Parse.Query(Note).get(note.id, as(bob)), Parse.Error.OBJECT_NOT_FOUND);
  });

  test('need an ACL, a name of their own, and the right to change them', async () => {
    await rejectsWith(new Parse.Role(parent.getName(), readable()).save(null, kMaster), Parse.Error.DUPLICATE_VALUE);
    const same = await new Parse.Query(Parse.Role).get(parent.id);
    same.getUsers().add(bob);
    await rejectsWith(same.save(null, as(bob)), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(same.destroy(as(bob)), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(new Parse.Role(uniqueName('a'), readable()).save({ name: 'b:c' }), Parse.Error.OTHER_CAUSE);
  });
});

describe('class permissions', () => {
  test('requiresAuthentication', async () => {
    const name = uniqueName('SdkSignedIn');
    const schema = new Parse.Schema(name);
    const entry = { requiresAuthentication: true };
    schema.addString('text').setCLP({ find: entry, get: entry, count: entry, create: entry, update: entry, delete: entry, addField: {} });
    await schema.save();
    await rejectsWith(new Parse.Object(name).save({ text: 'x' }), Parse.Error.OBJECT_NOT_FOUND);
    await rejectsWith(new Parse.Query(name).find(), Parse.Error.OBJECT_NOT_FOUND);
    const { user } = await somebody('signedIn');
    const object = await new Parse.Object(name).save({ text: 'x' }, as(user));
    assert.equal((await new Parse.Query(name).find(as(user)))[0].id, object.id);
    await rejectsWith(object.save({ more: 1 }, as(user)), Parse.Error.OPERATION_FORBIDDEN);
  });

  test('pointerFields and protectedFields', async () => {
    const name = uniqueName('SdkOwned');
    const schema = new Parse.Schema(name);
    const entry = { pointerFields: ['owner'] };
    const clp = { find: entry, get: entry, count: entry, update: entry, delete: entry, create: { '*': true }, addField: {} };
    schema
      .addString('text')
      .addString('secret')
      .addPointer('owner', '_User')
      .setCLP({ ...clp, protectedFields: { '*': ['secret'] } });
    await schema.save();
    const { user: ann } = await somebody('ann');
    const { user: bob } = await somebody('bob');
    const object = await new Parse.Object(name).save({ text: 'x', secret: 's', owner: ann }, as(bob));
    assert.equal((await new Parse.Query(name).find(as(bob))).length, 0);
    const [seen] = await new Parse.Query(name).find(as(ann));
    assert.deepEqual([seen.id, seen.get('text'), seen.get('secret')], [object.id, 'x', undefined]);
    await rejectsWith(new Parse.Query(name).equalTo('secret', 's').find(as(ann)), Parse.Error.OPERATION_FORBIDDEN);
    await rejectsWith(object.save({ text: 'y' }, as(bob)), Parse.Error.OBJECT_NOT_FOUND);
    await object.save({ text: 'y' }, as(ann));
  });
});
