// Files: upload, download, delete, and as values.
import { create, differs, differsByError, find, request } from '../steps.mjs';

const upload = (name, file, body, type = 'text/plain', more = {}) =>
  request('POST', name, `/files/${file}`, { body, headers: { 'Content-Type': type }, ...more });

export const steps = [
  upload('a text', 'hello.txt', 'hello world', 'text/plain', { saves: { hello: 'name' }, shows: ['location'] }),
  request('GET', 'read it', '/files/app/$id(hello)', { as: 'nobody', shows: ['content-type', 'x-content-type-options'] }),
  request('GET', 'read it with another application', '/files/other/$id(hello)', { as: 'nobody' }),
  upload('a picture', 'pixel.png', 'not really', 'image/png', { saves: { pixel: 'name' } }),
  request('GET', 'read the picture', '/files/app/$id(pixel)', { as: 'nobody', shows: ['content-type'] }),
  request('GET', 'a file that is not there', '/files/app/nothing.txt', { as: 'nobody' }),
  upload('an empty file', 'empty.txt', ''),
  request('POST', 'no name', '/files', { body: 'x', headers: { 'Content-Type': 'text/plain' } }),
  upload('a name with a dollar', 'a$b.txt', 'x'),
  upload('a name with a percent', 'a%25b.txt', 'x'),
  upload('a name that is too long', `${'n'.repeat(130)}.txt`, 'x'),
  upload('a page', 'page.html', '<b>', 'text/html'),
  upload('a page in capitals', 'page.HTML', '<b>', 'text/html'),
  upload('a drawing', 'x.svg', '<svg/>', 'image/svg+xml'),
  upload('a page without extension', 'page', '<b>', 'text/html'),
  upload('a page with an unknown extension', 'page.foo', '<b>', 'text/html'),
  upload('a page by the master', 'page.html', '<b>', 'text/html', { as: 'master' }),
  upload('a text without keys', 'nobody.txt', 'x', 'text/plain', { as: 'nobody' }),
  request('POST', 'as base64 in JSON', '/files/b.txt', {
    as: 'nobody',
    headers: { 'Content-Type': 'text/plain' },
    body: { base64: 'aGVsbG8=', _ContentType: 'text/plain', _ApplicationId: 'app', _JavaScriptKey: 'js' },
    saves: { encoded: 'name' },
  }),
  request('GET', 'read what came as base64', '/files/app/$id(encoded)', { as: 'nobody' }),
  create('a file as a value', 'FilesRow', { file: { __type: 'File', name: '$id(hello)' } }, { saves: 'row' }),
  find('the value has an address', 'FilesRow', {}),
  find('a file in a filter', 'FilesRow', { where: { file: { __type: 'File', name: '$id(hello)' } } }),
  create(
    'a file with an address',
    'FilesRow',
    { file: { __type: 'File', name: '$id(pixel)', url: 'http://elsewhere.invalid/x' } },
    { saves: 'addressed' },
  ),
  find('the address is made anew', 'FilesRow', { where: { objectId: '$id(addressed)' } }),
  request('DELETE', 'delete by a client', '/files/$id(hello)'),
  request('DELETE', 'delete by the master', '/files/$id(hello)', { as: 'master' }),
  request('GET', 'read what is deleted', '/files/app/$id(hello)', { as: 'nobody' }),
  request('DELETE', 'delete what is not there', '/files/nothing.txt', { as: 'master' }),
];

export const differences = {
  'a file in a filter': differs('D07', 200, {
    results: [
      {
        createdAt: '$date',
        file: { __type: 'File', name: '$id(hello)', url: '$origin/parse/files/app/$id(hello)' },
        objectId: '$id(row)',
        updatedAt: '$date',
      },
    ],
  }),
  'delete what is not there': differsByError('D16', 400, 153, 'Could not delete file.'),
};
