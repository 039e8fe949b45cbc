import { Link } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import type { License } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { apart, T, useText } from '../texts/text.tsx';

/** A folder by its path. The root has a word of its own. */
export function FolderName({ path }: { readonly path: string }) {
  return path === '' ? (
    <span>
      <T id="words.root" />
    </span>
  ) : (
    <bdi translate="no">{path}</bdi>
  );
}

/** Returns a folder's path as a string, for labels. */
export function useFolderText(): (path: string) => string {
  const text = useText();
  return (path) => (path === '' ? text('words.root') : path);
}

/** Returns the address of a page of this tenant. */
export function useAddress(): (page: string, ...parts: readonly string[]) => string {
  const { tenant } = usePlace();
  return (page, ...parts) => ['/t', encodeSegment(tenant), page, ...parts.map(encodeSegment)].join('/');
}

/** A serial number that leads to its license. */
export function SerialLink({ serial }: { readonly serial: string }) {
  const address = useAddress();
  return (
    <Link to={address('licenses', serial)} className="link serial">
      <bdi translate="no">{serial}</bdi>
    </Link>
  );
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

/** A user id that leads to the user's card. */
export function UserLink({ user, name }: PersonProps) {
  const address = useAddress();
  return (
    <Link to={address('users', user)} className="link" translate="no" title={name === undefined ? undefined : user}>
      <bdi translate="no">{name ?? user}</bdi>
    </Link>
  );
}

type Class = Pick<License, 'type' | 'access' | 'modules'>;

/** Returns what a license is for: `Dedicated · write`, and the modules unless it has all of them. */
export function useClassText(): (license: Class) => string {
  const text = useText();
  return ({ type, access, modules }) =>
    [text(`words.type-${type}`), text(`words.access-${access}`), ...(modules === 'all' ? [] : [apart(modules)])].join(
      ' · ',
    );
}

/** What a license is for, with the modules as the name that they are. */
export function LicenseClass({ license }: { readonly license: Class }) {
  const shortText = useClassText()({ ...license, modules: 'all' });
  return license.modules === 'all' ? (
    shortText
  ) : (
    <>
      {shortText} · <bdi translate="no">{license.modules}</bdi>
    </>
  );
}
