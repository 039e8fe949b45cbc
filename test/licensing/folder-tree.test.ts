import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  branchOf,
  childrenOf,
  createFolder,
  deleteFolder,
  EMPTY_TREE,
  type FolderTree,
  folderAt,
  idsOf,
  mergedAt,
  mergeFolder,
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
    if (created.kind === 'refused') throw new Error(created.text);
    return created.tree;
  }, EMPTY_TREE);
}

function renamed(tree: FolderTree, path: string, newPath: string): FolderTree {
  const result = renameFolder(tree, folderAt(tree, path)!, newPath);
  if (result.kind === 'refused') throw new Error(result.text);
  return result.tree;
}

describe('the folder tree', () => {
  it('has the root, path "", and zOld from the beginning', () => {
    expect(pathOf(EMPTY_TREE, ROOT)).toBe('');
    expect(folderAt(EMPTY_TREE, '')).toBe(ROOT);
    expect(pathOf(EMPTY_TREE, Z_OLD)).toBe('zOld');
    expect(folderAt(EMPTY_TREE, 'zOld')).toBe(Z_OLD);
  });

  it('creates a folder with its missing parents, and leaves an existing one alone', () => {
    const tree = aTree('Finance/Helsinki', 'Finance/Turku');

    expect(childrenOf(tree, ROOT)).toEqual([Z_OLD, 'id-1']);
    expect(childrenOf(tree, 'id-1').map((id) => pathOf(tree, id))).toEqual(['Finance/Helsinki', 'Finance/Turku']);
    expect(createFolder(tree, 'Finance', () => 'never')).toEqual({ kind: 'changed', tree, folderId: 'id-1' });
    expect(createFolder(tree, '', () => 'never')).toEqual({ kind: 'changed', tree, folderId: ROOT });
  });

  it('finds a folder by its letters in the same case, in either form of Unicode', () => {
    const tree = aTree('Käyttäjät');

    expect(folderAt(tree, 'Käyttäjät'.normalize('NFD'))).toBe('id-1');
    expect(folderAt(tree, 'käyttäjät')).toBeUndefined();
    expect(createFolder(tree, 'Käyttäjät'.normalize('NFD'), () => 'never')).toMatchObject({ tree, folderId: 'id-1' });
  });

  it('writes the names of new folders in NFC', () => {
    const tree = aTree('Käyttäjät'.normalize('NFD'));

    expect(pathOf(tree, 'id-1')).toBe('Käyttäjät'.normalize('NFC'));
    expect(pathOf(renamed(tree, 'Käyttäjät', 'Henkilöt'.normalize('NFD')), 'id-1')).toBe('Henkilöt'.normalize('NFC'));
  });

  it.each([
    ['another case', 'käyttäjät'],
    ['another case in NFD', 'KÄYTTÄJÄT'.normalize('NFD')],
    ['a character that shows nothing', 'Käyttä\u200bjät'],
    ['a soft hyphen', 'Käyttä\u00adjät'],
    ['wide letters', 'Ｋäyttäjät'],
  ])('refuses a name that looks like that of another folder: %s', (_what, name) => {
    const tree = aTree('Käyttäjät', 'Sales');
    const text = expect.stringContaining('looks like the folder "Käyttäjät"');

    expect(createFolder(tree, name, numbered())).toEqual({ kind: 'refused', text });
    expect(createFolder(tree, `${name}/Helsinki`, numbered())).toEqual({ kind: 'refused', text });
    expect(renameFolder(tree, folderAt(tree, 'Sales')!, name)).toEqual({ kind: 'refused', text });
  });

  it('refuses what looks like zOld, and a name with more or other blanks', () => {
    const tree = aTree('Human Resources');

    for (const path of ['zold', 'ZOLD', 'z\u200bOld']) {
      expect(createFolder(tree, path, numbered())).toEqual({
        kind: 'refused',
        text: expect.stringContaining('looks like the folder "zOld"'),
      });
    }
    for (const path of ['Human  Resources', 'Human\u00a0Resources']) {
      expect(createFolder(tree, path, numbered())).toMatchObject({ kind: 'refused' });
    }
  });

  it('lets a folder be renamed to another case of its own name', () => {
    expect(folderAt(renamed(aTree('finance'), 'finance', 'Finance'), 'Finance')).toBe('id-1');
  });

  it('merges a folder into another, which gets its subfolders and all that names its id', () => {
    const tree = aTree('HR/Payroll', 'People/Travel');
    const into = folderAt(tree, 'People')!;

    const merged = mergeFolder(tree, folderAt(tree, 'HR')!, into);

    const after = 'tree' in merged ? merged.tree : tree;
    expect(folderAt(after, 'HR')).toBeUndefined();
    expect(mergedAt(after, 'HR', into)).toBe(folderAt(tree, 'HR'));
    expect(pathOf(after, folderAt(tree, 'HR')!)).toBe('People');
    expect(pathOf(after, folderAt(tree, 'HR/Payroll')!)).toBe('People/Payroll');
    expect(idsOf(after, into)).toEqual([into, folderAt(tree, 'HR')]);
    expect(
      branchOf(after, into)
        .map((id) => pathOf(after, id))
        .toSorted(),
    ).toEqual(['People', 'People', 'People/Payroll', 'People/Travel']);
  });

  it.each([
    ['into itself', 'HR', 'HR'],
    ['into a folder below it', 'HR', 'HR/Payroll'],
    ['into zOld', 'HR', 'zOld'],
    ['when it is the root', '', 'HR'],
    ['when it is zOld', 'zOld', 'HR'],
    ['when both have a subfolder that looks alike', 'HR', 'People'],
  ])('refuses to merge a folder %s', (_what, path, into) => {
    const tree = aTree('HR/Payroll', 'People/payroll');

    expect(mergeFolder(tree, folderAt(tree, path)!, folderAt(tree, into)!)).toMatchObject({ kind: 'refused' });
  });

  it('allows names alike in different folders', () => {
    expect(Object.keys(aTree('Finance/Helsinki', 'Sales/helsinki'))).toHaveLength(5);
  });

  it('deletes a folder without subfolders, and neither the root nor zOld', () => {
    const tree = aTree('Finance/Helsinki');

    const deleted = deleteFolder(tree, 'id-2');
    expect(deleted).toMatchObject({ kind: 'changed', tree: { 'id-2': { mergedInto: 'id-1' } } });
    const left = 'tree' in deleted ? deleted.tree : tree;
    expect(folderAt(left, 'Finance/Helsinki')).toBeUndefined();
    expect(pathOf(left, 'id-2')).toBe('Finance');
    expect(createFolder(left, 'Finance/Helsinki', () => 'new')).toMatchObject({ folderId: 'new' });
    for (const folderId of ['id-1', ROOT, Z_OLD]) {
      expect(deleteFolder(tree, folderId)).toMatchObject({ kind: 'refused' });
    }
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'does not know a folder "%s" that was never created',
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
    ['a name that shows nothing', '\u200b'],
    ['a blank at the end of a name', 'Finance /Helsinki'],
    ['a blank at the beginning of a name', '\u00a0Finance'],
    ['a name of 81 characters', 'x'.repeat(81)],
    ['a control character', 'Fin\nance'],
    ['9 levels', 'a/b/c/d/e/f/g/h/i'],
    ['a folder in zOld', 'zOld/more'],
  ])('refuses %s', (_title, path) => {
    expect(createFolder(EMPTY_TREE, path, numbered())).toMatchObject({ kind: 'refused' });
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
    expect(renameFolder(tree, folderAt(tree, path)!, newPath)).toMatchObject({ kind: 'refused' });
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
          if (created.kind === 'refused') continue;
          const moved = renameFolder(created.tree, created.folderId, to);
          tree = moved.kind === 'refused' ? created.tree : moved.tree;
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

  it('accepts the last one, and none after it, also when a parent is missing', () => {
    const almost = fullOf(MOST_FOLDERS - 1);

    expect(createFolder(almost, 'Last', () => 'last')).toMatchObject({ folderId: 'last' });
    for (const [tree, path] of [
      [almost, 'Last/But one'],
      [fullOf(MOST_FOLDERS), 'One'],
    ] as const) {
      expect(createFolder(tree, path, numbered())).toEqual({
        kind: 'refused',
        text: expect.stringContaining(`at most ${MOST_FOLDERS}`),
      });
    }
  });

  it('may keep more folders, which are found and renamed', () => {
    const tree = fullOf(MOST_FOLDERS + 100);

    expect(createFolder(tree, '7', () => 'never')).toEqual({ kind: 'changed', tree, folderId: 'f7' });
    expect(renameFolder(tree, 'f7', 'Seven')).toMatchObject({ kind: 'changed' });
    expect(createFolder(tree, 'One more', () => 'never')).toMatchObject({ kind: 'refused' });
  });
});
