import { ListFilter, X } from 'lucide-react';
import { lazy, memo, Suspense, useState } from 'react';
import type { Folder } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Select } from '../ui/select.tsx';
import { useDayText } from '../ui/time.tsx';
import { ACCESS, type Filters, NARROWING, NOTHING, ROOT, STATES, TYPES } from './filters.ts';
import { folderChoices } from './folder-choices.ts';

const MoreFilters = lazy(async () => ({ default: (await import('./on-demand.ts')).MoreFilters }));

export type FilterBarProps = {
  readonly filters: Filters;
  readonly folders: readonly Folder[];
  readonly onChange: (change: Filters) => void;
};

/** No path of a folder begins so. */
const ANY = '/any';

/** The filters of the list. Each shows what it is set to, and can be taken away. A click on a row renders none again. */
export const FilterBar = memo(function FilterBar({ filters, folders, onChange }: FilterBarProps) {
  const text = useText();
  const [isMore, setMore] = useState(false);
  const { folder, subfolders = false, state, type, access } = filters;
  const any = { id: ANY, text: text('licenses.any') } as const;
  const hasSubfolders =
    folder !== undefined &&
    folders.some((one) => one.folder !== '' && (folder === ROOT || one.folder.startsWith(`${folder}/`)));
  const isNarrowed = NARROWING.some((name) => filters[name] !== undefined);
  return (
    <search className="filter-bar" aria-label={text('licenses.filters')}>
      <div className="filter-folder">
        <Select
          isFilter
          label={text('licenses.folder')}
          choices={[any, ...folderChoices(folders, text('licenses.root'))]}
          value={folder ?? ANY}
          onChange={(id) => onChange({ folder: id === ANY ? undefined : id })}
        />
      </div>
      <Select
        isFilter
        label={text('licenses.state')}
        choices={[any, ...STATES.map((id) => ({ id, text: text(`licenses.state-${id}`) }))]}
        value={state ?? ANY}
        onChange={(id) => onChange({ state: id === ANY ? undefined : id })}
      />
      <Select
        isFilter
        label={text('licenses.type')}
        choices={[any, ...TYPES.map((id) => ({ id, text: text(`licenses.type-${id}`) }))]}
        value={type ?? ANY}
        onChange={(id) => onChange({ type: id === ANY ? undefined : id })}
      />
      <Select
        isFilter
        label={text('licenses.access')}
        choices={[any, ...ACCESS.map((id) => ({ id, text: text(`licenses.access-${id}`) }))]}
        value={access ?? ANY}
        onChange={(id) => onChange({ access: id === ANY ? undefined : id })}
      />
      <SetFilters filters={filters} onChange={onChange} />
      <Button variant="quiet" icon={ListFilter} onPress={() => setMore(true)}>
        <T id="licenses.more-filters" />
      </Button>
      {hasSubfolders && (
        <CheckBox isSelected={subfolders} onChange={(isSelected) => onChange({ subfolders: isSelected || undefined })}>
          <T id="licenses.with-subfolders" />
        </CheckBox>
      )}
      {isNarrowed && (
        <Button variant="quiet" icon={X} onPress={() => onChange(NOTHING)}>
          <T id="licenses.clear-filters" />
        </Button>
      )}
      <Suspense>
        {isMore && <MoreFilters filters={filters} onChange={onChange} onClose={() => setMore(false)} />}
      </Suspense>
    </search>
  );
});

export type FilterProps = Pick<FilterBarProps, 'filters' | 'onChange'>;

/** The filters that are set and have no list of their own. */
function SetFilters({ filters: { user, modules, before }, onChange }: FilterProps) {
  const text = useText();
  const dayText = useDayText();
  const set = [
    ...(user === undefined ? [] : [{ name: 'user', shown: text('licenses.filter-user', { user }) } as const]),
    ...(modules === undefined
      ? []
      : [{ name: 'modules', shown: text('licenses.filter-modules', { modules }) } as const]),
    ...(before === undefined
      ? []
      : [{ name: 'before', shown: text('licenses.filter-before', { day: dayText(before) }) } as const]),
  ];
  return set.map(({ name, shown }) => (
    <span key={name} className="set-filter">
      <Button icon={X} onPress={() => onChange({ [name]: undefined })}>
        <bdi>{shown}</bdi>
      </Button>
    </span>
  ));
}
