import { T, useText } from '../texts/text.tsx';

/** The licenses of one class in one folder. */
export type Pool = {
  readonly folder: string;
  readonly type: 'dedicated' | 'floating';
  readonly access: 'write' | 'read';
  readonly modules: string;
};

export const poolKey = ({ folder, type, access, modules }: Pool) => JSON.stringify([folder, type, access, modules]);

/** The path of a folder. The root has no path, so it has a word. */
export function FolderPath({ folder }: { readonly folder: string }) {
  return folder === '' ? <T id="usage.root" /> : <bdi translate="no">{folder}</bdi>;
}

export function PoolClass({ pool: { type, access, modules } }: { readonly pool: Pool }) {
  return (
    <>
      <T id={`usage.class-${type}-${access}`} />
      {modules !== 'all' && (
        <>
          {' · '}
          <bdi translate="no">{modules}</bdi>
        </>
      )}
    </>
  );
}

/** Returns a function that names a pool in one line. */
export function usePoolText(): (pool: Pool) => string {
  const text = useText();
  return ({ folder, type, access, modules }) =>
    [
      folder === '' ? text('usage.root') : folder,
      text(`usage.class-${type}-${access}`),
      ...(modules === 'all' ? [] : [modules]),
    ].join(' · ');
}
