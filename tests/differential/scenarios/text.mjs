// Full text search.
import { create, find, where } from '../steps.mjs';

const C = 'TextNote';
const search = ($term, more = {}) => ({ note: { $text: { $search: { $term, ...more } } } });
const query = (name, filter) => where(name, C, filter);

export const steps = [
  create('note 1', C, { note: 'The quick brown fox jumps over the lazy dog', n: 1 }, { saves: 'n1' }),
  create('note 2', C, { note: 'A brown bear sleeps', n: 2 }, { saves: 'n2' }),
  create('note 3', C, { note: 'Nothing to see here', n: 3 }, { saves: 'n3' }),
  create('note 4', C, { n: 4 }, { saves: 'n4' }),
  query('one word', search('fox')),
  query('a word of two notes', search('brown')),
  query('a word in other case', search('BEAR')),
  query('a word that none has', search('unicorn')),
  query('with another field', { ...search('brown'), n: 2 }),
  query('with a language', search('fox', { $language: 'english' })),
  find('count', C, { where: search('brown'), count: 1, limit: 0 }),
  query('a term that is a number', search(5)),
  query('a language that is a number', search('fox', { $language: 5 })),
  query('a case that is text', search('fox', { $caseSensitive: 'x' })),
  query('diacritics that are text', search('fox', { $diacriticSensitive: 'x' })),
  query('no term', { note: { $text: { $search: {} } } }),
  query('a search that is text', { note: { $text: { $search: 'fox' } } }),
  query('no search', { note: { $text: {} } }),
];
