import { folder, folders, mergedFolder } from '../answers/folders.ts';
import { deleted } from '../answers/values.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'folders';

export const folderRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/folders',
    roles: EVERYBODY,
    summary:
      'All folders by path, with the number of licenses and user cards in each. The ETag is the version of the whole tree',
    command: 'list-folders',
    answer: folders,
  }),
  route({
    topic,
    method: 'POST',
    path: '/folders',
    roles: ADMINISTRATOR,
    summary: 'Creates a folder and the missing folders above it. An existing folder is not an error',
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
    summary: 'Renames a folder, or moves it under another one. Its content stays in it',
    command: 'rename-folder',
    body: ['newPath'],
    ifMatch: 'number',
    answer: folder,
    codes: ['unknown-folder'],
  }),
  route({
    topic,
    method: 'DELETE',
    path: '/folders/{folder}',
    roles: ADMINISTRATOR,
    summary: 'Deletes an empty folder that no setting names',
    command: 'delete-folder',
    ifMatch: 'number',
    answer: deleted,
    codes: ['unknown-folder', 'folder-not-empty', 'renewal-running'],
  }),
  route({
    topic,
    method: 'POST',
    path: '/folders/{folder}/merge',
    roles: ADMINISTRATOR,
    summary:
      'Merges a folder into another, up to 250 licenses and 250 user cards a call; to be repeated while there is `more`',
    command: 'merge-folder',
    body: ['into', 'preview'],
    ifMatch: 'number',
    answer: mergedFolder,
    codes: ['unknown-folder', 'renewal-running'],
  }),
];
