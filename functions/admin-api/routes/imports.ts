import { importReport, imports, pasted, uploadForm } from '../answers/imports.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'imports';

export const importRoutes: readonly Route[] = [
  route({
    topic,
    method: 'POST',
    path: '/uploads',
    roles: ADMINISTRATOR,
    summary: 'A form with which a browser uploads one license file. The report is available a moment later',
    command: 'create-upload',
    body: ['name', 'area', 'folder', 'signature'],
    answer: uploadForm,
    codes: ['unknown-folder', 'set-aside'],
  }),
  route({
    topic,
    method: 'POST',
    path: '/pasted-files',
    roles: ADMINISTRATOR,
    summary: 'Imports a license file that is sent as text',
    command: 'paste-licenses',
    body: ['xml', 'area', 'folder', 'signature'],
    success: 202,
    answer: pasted,
    codes: ['unknown-folder', 'set-aside'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/imports',
    roles: EVERYBODY,
    summary: 'The tenant’s imports, the latest first, including those that are still running',
    command: 'list-imports',
    query: ['cursor', 'limit'],
    answer: imports,
  }),
  route({
    topic,
    method: 'GET',
    path: '/imports/{importId}',
    roles: EVERYBODY,
    summary: 'The report of an import, with a page of its licenses',
    command: 'get-import',
    query: ['cursor', 'format'],
    answer: importReport,
    codes: ['unknown-import'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/uploads/{name}/report',
    roles: EVERYBODY,
    id: 'get-report-of-upload',
    summary: 'The report of the latest import of an upload, by the name of the file',
    command: 'get-import',
    query: ['cursor', 'format'],
    toCommand: ({ tenant, name, ...members }) => ({ ...members, key: `tenants/${tenant}/uploads/${name}` }),
    answer: importReport,
    codes: ['unknown-import'],
  }),
];
