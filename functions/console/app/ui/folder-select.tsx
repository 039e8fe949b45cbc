import { useFolders } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { useText } from '../texts/text.tsx';
import { Select } from './select.tsx';

export type FolderSelectProps = {
  readonly label: string;
  /** The path of the folder, `''` for the root, or undefined for the choice that `anyText` names. */
  readonly value: string | undefined;
  readonly onChange: (folder: string | undefined) => void;
  /** Adds a choice that stands for no folder in particular. */
  readonly anyText?: string;
  readonly isFilter?: boolean;
  /** Leaves out zOld, in which nobody can be. */
  readonly forUsers?: boolean;
};

/** Every path of a folder begins with `/` in the list, so that the root and any folder differ. */
const ANY = 'any';

export function FolderSelect(props: FolderSelectProps) {
  const { label, value, onChange, anyText, isFilter = false, forUsers = false } = props;
  const text = useText();
  const { tenant } = usePlace();
  const known = useFolders(tenant).data?.folders.map(({ folder }) => folder) ?? [];
  const paths = [...new Set(['', ...known, ...(value === undefined ? [] : [value])])];
  const choices = [
    ...(anyText === undefined ? [] : [{ id: ANY, text: anyText }]),
    ...paths
      .filter((path) => !(forUsers && path === 'zOld'))
      .map((path) => ({ id: `/${path}`, text: path === '' ? text('words.root') : path, isName: path !== '' })),
  ];
  return (
    <Select
      label={label}
      choices={choices}
      value={value === undefined ? ANY : `/${value}`}
      onChange={(id) => onChange(id === ANY ? undefined : id.slice(1))}
      isFilter={isFilter}
    />
  );
}
