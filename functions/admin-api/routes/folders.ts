import { folder, folders } from '../answers/folders.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'folders';

export const folderRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/folders',
    roles: EVERYBODY,
    summary: 'All folders by path, with how much stands in each; the ETag names the whole tree',
    command: 'list-folders',
    answer: folders,
  }),
  route({
    topic,
    method: 'POST',
    path: '/folders',
    roles: ADMINISTRATOR,
    summary: 'Creates a folder and what is missing above it; an existing one is no error',
    command: 'create-folder',
    body: ['folder'],
    ifMatch: 'number',
    answer: folder,
  }),
  route({
    topic,
    method: 'POST',
    path: '/folders/{folder}/rename',
    roles: ADMINISTRATOR,
    summary: 'Renames a folder, or moves it under another; what is in it stays in it',
    command: 'rename-folder',
    body: ['newPath'],
    ifMatch: 'number',
    answer: folder,
    codes: ['unknown-folder'],
  }),
];
