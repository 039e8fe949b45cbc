import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  childrenOf,
  createFolder,
  EMPTY_TREE,
  type FolderTree,
  folderAt,
  pathOf,
  ROOT,
  renameFolder,
  Z_OLD,
} from '../../shared/licensing/folder-tree.ts';
import { MOST_FOLDERS } from '../../shared/licensing/limits.ts';

function numbered() {
  let last = 0;
  return () => {
    last += 1;
    return `id-${last}`;
  };
}

/** A tree with the folders, as their ids by path. */
function aTree(...paths: readonly string[]): FolderTree {
  const newId = numbered();
  return paths.reduce<FolderTree>((tree, path) => {
    const created = createFolder(tree, path, newId);
    if ('refused' in created) throw new Error(created.refused);
    return created.tree;
  }, EMPTY_TREE);
}

function renamed(tree: FolderTree, path: string, newPath: string): FolderTree {
  const result = renameFolder(tree, folderAt(tree, path)!, newPath);
  if ('refused' in result) throw new Error(result.refused);
  return result.tree;
}

describe('the folder tree', () => {
  it('has the root, path "", and zOld from the beginning', () => {
    expect(pathOf(EMPTY_TREE, ROOT)).toBe('');
    expect(folderAt(EMPTY_TREE, '')).toBe(ROOT);
    expect(pathOf(EMPTY_TREE, Z_OLD)).toBe('zOld');
    expect(folderAt(EMPTY_TREE, 'zOld')).toBe(Z_OLD);
  });

  it('creates a folder with its missing parents, and an existing one not again', () => {
    const tree = aTree('Finance/Helsinki', 'Finance/Turku');

    expect(childrenOf(tree, ROOT)).toEqual([Z_OLD, 'id-1']);
    expect(childrenOf(tree, 'id-1').map((id) => pathOf(tree, id))).toEqual(['Finance/Helsinki', 'Finance/Turku']);
    expect(createFolder(tree, 'Finance', () => 'never')).toEqual({ tree, folderId: 'id-1' });
    expect(createFolder(tree, '', () => 'never')).toEqual({ tree, folderId: ROOT });
  });

  it('tells letters of another case apart', () => {
    const tree = aTree('Finance', 'finance', 'zold', 'ZOLD');

    expect(folderAt(tree, 'Finance')).not.toBe(folderAt(tree, 'finance'));
    expect(folderAt(tree, 'zold')).not.toBe(Z_OLD);
    expect(folderAt(tree, 'FINANCE')).toBeUndefined();
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'knows no folder "%s" that nobody made',
    (name) => {
      expect(folderAt(EMPTY_TREE, name)).toBeUndefined();
      expect(pathOf(EMPTY_TREE, name)).toBeUndefined();
      const tree = aTree(name);
      expect(pathOf(tree, folderAt(tree, name)!)).toBe(name);
    },
  );

  it.each([
    ['an empty name', 'Finance//Helsinki'],
    ['a name at the beginning that is empty', '/Finance'],
    ['a name at the end that is empty', 'Finance/'],
    ['a name of blanks', '  '],
    ['a name of 81 characters', 'x'.repeat(81)],
    ['a control character', 'Fin\nance'],
    ['9 levels', 'a/b/c/d/e/f/g/h/i'],
    ['a folder in zOld', 'zOld/more'],
  ])('refuses %s', (_title, path) => {
    expect(createFolder(EMPTY_TREE, path, numbered())).toHaveProperty('refused');
  });

  it.each([
    ['80 characters', 'x'.repeat(80)],
    ['80 characters beyond the first plane', '\u{1F600}'.repeat(80)],
    ['8 levels', 'a/b/c/d/e/f/g/h'],
    ['a zOld further down', 'Finance/zOld/more'],
  ])('allows %s', (_title, path) => {
    const tree = aTree(path);
    expect(pathOf(tree, folderAt(tree, path)!)).toBe(path);
  });

  it('renames and moves a folder with all below it, and no id changes', () => {
    const tree = aTree('Finance/Helsinki/Payroll', 'Sales');

    const moved = renamed(tree, 'Finance/Helsinki', 'Sales/Turku');

    expect(folderAt(moved, 'Sales/Turku/Payroll')).toBe(folderAt(tree, 'Finance/Helsinki/Payroll'));
    expect(folderAt(moved, 'Finance/Helsinki')).toBeUndefined();
    expect(Object.keys(moved).toSorted()).toEqual(Object.keys(tree).toSorted());
    expect(renamed(tree, 'Finance', 'Finance')).toEqual(tree);
  });

  it.each([
    ['into itself', 'Finance', 'Finance/Finance'],
    ['below itself', 'Finance', 'Finance/Helsinki/Finance'],
    ['onto another folder', 'Finance', 'Sales'],
    ['into a folder that is not there', 'Finance', 'Nowhere/Finance'],
    ['into zOld', 'Finance', 'zOld/Finance'],
    ['onto zOld', 'Finance', 'zOld'],
    ['onto the root', 'Finance', ''],
    ['to a faulty name', 'Finance', 'Fin\tance'],
    ['too deep with what is below it', 'Finance', 'a/b/c/d/e/f/g/h'],
    ['when it is zOld', 'zOld', 'Elsewhere'],
    ['when it is the root', '', 'Elsewhere'],
  ])('refuses to move a folder %s', (_title, path, newPath) => {
    const tree = aTree('Finance/Helsinki', 'Sales', 'a/b/c/d/e/f/g');
    expect(renameFolder(tree, folderAt(tree, path)!, newPath)).toHaveProperty('refused');
  });

  it('always has one path for each folder, and one folder for each path', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'zOld');
    const path = fc.array(name, { minLength: 0, maxLength: 9 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.array(fc.tuple(path, path), { maxLength: 12 }), (moves) => {
        const newId = numbered();
        let tree: FolderTree = EMPTY_TREE;
        for (const [from, to] of moves) {
          const created = createFolder(tree, from, newId);
          if ('refused' in created) continue;
          const moved = renameFolder(created.tree, created.folderId, to);
          tree = 'refused' in moved ? created.tree : moved.tree;
        }
        const paths = Object.keys(tree).map((id) => pathOf(tree, id));
        expect(new Set(paths).size).toBe(paths.length);
        for (const id of Object.keys(tree)) {
          expect(folderAt(tree, pathOf(tree, id)!)).toBe(id);
          expect(pathOf(tree, id)!.split('/').length).toBeLessThanOrEqual(8);
        }
        expect(childrenOf(tree, Z_OLD)).toEqual([]);
      }),
    );
  });
});

describe('a tree with as many folders as there may be', () => {
  const fullOf = (most: number): FolderTree => ({
    ...EMPTY_TREE,
    ...Object.fromEntries(
      Array.from({ length: most }, (_, index) => [`f${index}`, { name: `${index}`, parent: ROOT }]),
    ),
  });

  it('takes the last one, and none after it, also where one is missing above another', () => {
    const almost = fullOf(MOST_FOLDERS - 1);

    expect(createFolder(almost, 'Last', () => 'last')).toMatchObject({ folderId: 'last' });
    for (const [tree, path] of [
      [almost, 'Last/But one'],
      [fullOf(MOST_FOLDERS), 'One'],
    ] as const) {
      expect(createFolder(tree, path, numbered())).toEqual({
        refused: expect.stringContaining(`at most ${MOST_FOLDERS}`),
      });
    }
  });

  it('stays when it has more, and its folders are found and renamed', () => {
    const tree = fullOf(MOST_FOLDERS + 100);

    expect(createFolder(tree, '7', () => 'never')).toEqual({ tree, folderId: 'f7' });
    expect(renameFolder(tree, 'f7', 'Seven')).toHaveProperty('tree');
    expect(createFolder(tree, 'One more', () => 'never')).toHaveProperty('refused');
  });
});
