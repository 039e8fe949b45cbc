import { X } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Select } from '../ui/select.tsx';
import { type Filters, fromPath, INACTIVE_DAYS, SHOWN, toPath, type useUserFilters } from './filters.ts';

const PAUSE_MS = 250;

type UserFiltersProps = { readonly filters: Filters; readonly onChange: ReturnType<typeof useUserFilters>[1] };

/** The search and the filters of the list of users. A click on a row renders none of them again. */
export const UserFilters = memo(function UserFilters({ filters, onChange: change }: UserFiltersProps) {
  const text = useText();
  const { q, folder, show = 'all', days = '90' } = filters;
  const isNarrowed = q !== undefined || folder !== undefined || show !== 'all';
  return (
    <search className="filter-bar" aria-label={text('users.filters')}>
      {show !== 'inactive' && <UserSearch q={q ?? ''} onChange={change} />}
      <Select
        isFilter
        label={text('users.show')}
        choices={SHOWN.map((id) => ({ id, text: text(`users.show-${id}`) }))}
        value={show}
        onChange={(id) => change({ show: id === 'all' ? undefined : id, q: id === 'inactive' ? undefined : q })}
      />
      {show === 'inactive' && (
        <Select
          isFilter
          label={text('users.not-seen-for')}
          choices={INACTIVE_DAYS.map((id) => ({ id, text: text('users.days', { count: Number(id) }) }))}
          value={days}
          onChange={(id) => change({ days: id })}
        />
      )}
      <FolderSelect
        isFilter
        forUsers
        label={text('users.folder')}
        anyText={text('users.any-folder')}
        value={folder === undefined ? undefined : toPath(folder)}
        onChange={(path) => change({ folder: path === undefined ? undefined : fromPath(path) })}
      />
      {isNarrowed && (
        <Button
          variant="quiet"
          icon={X}
          onPress={() => change({ q: undefined, folder: undefined, show: undefined, days: undefined })}
        >
          <T id="users.clear" />
        </Button>
      )}
    </search>
  );
});

/** Searches while somebody types. `/` leads to it from anywhere on the page. */
function UserSearch({ q, onChange }: { readonly q: string; readonly onChange: UserFiltersProps['onChange'] }) {
  const text = useText();
  const [typed, setTyped] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === q) return;
    const timer = setTimeout(() => onChange({ q: wanted || undefined }, { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, onChange]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <FilterField
      label={text('users.search')}
      placeholder={text('users.search')}
      value={typed}
      onChange={setTyped}
      ref={field}
    />
  );
}
