import * as answers from '../answers.ts';
import { EVERYBODY, type Route, route } from '../route.ts';

const topic = 'imports';

export const importRoutes: readonly Route[] = [
  route({
    ...{ topic, method: 'GET', path: '/imports/{importId}', roles: EVERYBODY },
    summary: 'The report of an import, its licenses a page at a time',
    command: 'get-import',
    query: ['cursor', 'format'],
    answer: answers.importReport,
    codes: ['unknown-import'],
  }),
  route({
    ...{ topic, method: 'GET', path: '/uploads/{name}/report', roles: EVERYBODY },
    id: 'get-report-of-upload',
    summary: 'The report of the latest import of an upload, by the name of the file',
    command: 'get-import',
    query: ['cursor', 'format'],
    toCommand: ({ tenant, name, ...members }) => ({ ...members, key: `tenants/${tenant}/uploads/${name}` }),
    answer: answers.importReport,
    codes: ['unknown-import'],
  }),
];
