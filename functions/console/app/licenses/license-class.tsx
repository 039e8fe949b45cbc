import type { License } from '../api/types.ts';
import { T } from '../texts/text.tsx';

type ClassProps = { readonly license: Pick<License, 'type' | 'access' | 'modules'> };

/** The class of a license: its type, its right, and its modules unless they are all. */
export function LicenseClass({ license: { type, access, modules } }: ClassProps) {
  return (
    <>
      <T id={`licenses.type-${type}`} /> · <T id={`licenses.access-${access}`} />
      {modules !== 'all' && (
        <>
          {' · '}
          <bdi translate="no">{modules}</bdi>
        </>
      )}
    </>
  );
}

type FolderNameProps = { readonly folder: string };

/** The path of a folder. The root has no path, so it has a word. */
export function FolderName({ folder }: FolderNameProps) {
  return folder === '' ? <T id="licenses.root" /> : <bdi translate="no">{folder}</bdi>;
}

type PersonProps = { readonly user: string; readonly name?: string | undefined };

/** A user by name, or by id without one. */
export function PersonName({ user, name }: PersonProps) {
  return (
    <bdi translate="no" title={user}>
      {name ?? user}
    </bdi>
  );
}
