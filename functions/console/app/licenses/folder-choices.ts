import type { Folder } from '../api/types.ts';
import type { Choice } from '../ui/select.tsx';
import { ROOT } from './filters.ts';

/** Returns the folders to choose from. The root has no path, so it has a word and an id of its own. */
export function folderChoices(folders: readonly Folder[], root: string): Choice<string>[] {
  return folders.map(({ folder }) =>
    folder === '' ? { id: ROOT, text: root } : { id: folder, text: folder, isName: true },
  );
}
