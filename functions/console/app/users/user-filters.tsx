import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Select } from '../ui/select.tsx';
import { fromPath, INACTIVE_DAYS, SHOWN, toPath, useUserFilters } from './filters.ts';

const PAUSE_MS = 250;

/** The search and the filters of the list of users. */
export function UserFilters() {
  const text = useText();
  const [{ q, folder, show = 'all', days = '90' }, change] = useUserFilters();
  const isNarrowed = q !== undefined || folder !== undefined || show !== 'all';
  return (
    <search className="filter-bar" aria-label={text('users.filters')}>
      {show !== 'inactive' && <UserSearch />}
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
}

/** Searches while somebody types. `/` leads to it from anywhere on the page. */
function UserSearch() {
  const text = useText();
  const [{ q = '' }, change] = useUserFilters();
  const [typed, setTyped] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === q) return;
    const timer = setTimeout(() => change({ q: wanted || undefined }, { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, q, change]);
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
