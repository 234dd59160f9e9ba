// Relations: editing, $relatedTo, queries of owners.
import { create, differs, differsByError, differsByIds, find, get, pointer, schemaOf, update, where } from '../steps.mjs';

const G = 'RelGroup';
const P = 'RelPerson';
const op = (name, ...ids) => ({ __op: name, objects: ids.map((id) => pointer(P, id)) });
const relatedTo = (id, key = 'members') => ({ $relatedTo: { object: pointer(G, id), key } });

export const steps = [
  ...['ann', 'bob', 'cid'].map((name) => create(`a person ${name}`, P, { name }, { saves: name })),
  create('a group with members', G, { name: 'g1', members: op('AddRelation', 'ann', 'bob') }, { saves: 'g1' }),
  create('a group without members', G, { name: 'g2' }, { saves: 'g2' }),
  schemaOf('the relation was inferred', G),
  get('read a group', G, 'g1'),
  get('read a group without members', G, 'g2'),
  find('all groups', G, { order: 'name' }),
  find('groups with keys', G, { order: 'name', keys: 'name' }),
  where('members', P, relatedTo('g1')),
  where('members of none', P, relatedTo('g2')),
  where('members by name', P, { ...relatedTo('g1'), name: 'ann' }),
  where('members of an object that is not there', P, {
    $relatedTo: { object: { __type: 'Pointer', className: G, objectId: 'doesNotEx1' }, key: 'members' },
  }),
  where('members by a key that is not there', P, relatedTo('g1', 'nosuch')),
  where('members in $or', P, { $or: [relatedTo('g1'), { name: 'cid' }] }),
  find('count of members', P, { where: relatedTo('g1'), count: 1, limit: 0 }),
  update('add one that is there', G, 'g1', { members: op('AddRelation', 'ann') }),
  update('add another', G, 'g1', { members: op('AddRelation', 'cid') }),
  where('members after adding', P, relatedTo('g1')),
  update('remove two', G, 'g1', { members: op('RemoveRelation', 'ann', 'cid') }),
  update('remove one that is not there', G, 'g1', { members: op('RemoveRelation', 'cid') }),
  where('members after removing', P, relatedTo('g1')),
  create('a third group', 'RelTeam', { name: 't' }, { saves: 'team' }),
  update('several at once', 'RelTeam', 'team', {
    members: { __op: 'Batch', ops: [op('AddRelation', 'ann', 'bob'), op('RemoveRelation', 'bob')] },
  }),
  where('members after several', P, { $relatedTo: { object: pointer('RelTeam', 'team'), key: 'members' } }),
  update('members for the second group', G, 'g2', { members: op('AddRelation', 'ann') }),
  find('groups of a person', G, { where: { members: pointer(P, 'ann') } }),
  find('groups of any of two persons', G, { where: { members: { $in: [pointer(P, 'ann'), pointer(P, 'bob')] } } }),
  find('groups without a person', G, { where: { members: { $ne: pointer(P, 'ann') } } }),
  find('groups without any of two persons', G, { where: { members: { $nin: [pointer(P, 'ann'), pointer(P, 'cid')] } } }),
  update('a member of another class', G, 'g1', { members: { __op: 'AddRelation', objects: [pointer(G, 'g2')] } }),
  update('no members at all', G, 'g1', { members: { __op: 'AddRelation', objects: [] } }),
  update('a relation as a value', G, 'g1', { members: { __type: 'Relation', className: P } }),
  update('a text as a value', G, 'g1', { members: 'x' }),
  update('relate where text is', G, 'g1', { name: op('AddRelation', 'ann') }),
  find('the class behind a relation', G, { redirectClassNameForKey: 'members', order: 'name' }),
  find('include of a relation', G, { include: 'members', order: 'name' }),
  where('$relatedTo without a key', P, { $relatedTo: { object: pointer(G, 'g1') } }),
  where('$relatedTo without an object', P, { $relatedTo: { key: 'members' } }),
  find('a relation that does not exist, as order', G, { order: 'members' }),
];

export const differences = {
  'groups with keys': differs('D13', 200, {
    results: [
      { createdAt: '$date', name: 'g1', objectId: '$id(g1)', updatedAt: '$date' },
      { createdAt: '$date', name: 'g2', objectId: '$id(g2)', updatedAt: '$date' },
    ],
  }),
  'members after several': differsByIds('D17', 'ann'),
  'no members at all': differsByError('D01', 400, 107, 'the objects of a relation must be an array of pointers'),
  '$relatedTo without a key': differsByError('D02', 400, 102, 'improper usage of $relatedTo'),
  '$relatedTo without an object': differsByError('D01', 400, 102, 'improper usage of $relatedTo'),
  'a relation that does not exist, as order': differs('D24', 200, {
    results: [
      { createdAt: '$date', members: { __type: 'Relation', className: 'RelPerson' }, name: 'g1', objectId: '$id(g1)', updatedAt: '$date' },
      { createdAt: '$date', members: { __type: 'Relation', className: 'RelPerson' }, name: 'g2', objectId: '$id(g2)', updatedAt: '$date' },
    ],
  }),
};
