import { useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { FilterProps } from './filter-bar.tsx';

type MoreFiltersProps = FilterProps & { readonly onClose: () => void };

/** The filters that are rarely used. */
export function MoreFilters({ filters, onChange, onClose }: MoreFiltersProps) {
  const text = useText();
  const [user, setUser] = useState(filters.user ?? '');
  const [modules, setModules] = useState(filters.modules ?? '');
  const [before, setBefore] = useState(filters.before ?? '');
  const apply = () => {
    onChange({ user: user.trim() || undefined, modules: modules.trim() || undefined, before: before || undefined });
    onClose();
  };
  return (
    <Dialog
      title={<T id="licenses.more-filters" />}
      onClose={onClose}
      actions={
        <Button variant="primary" type="submit" onPress={apply}>
          <T id="licenses.apply" />
        </Button>
      }
    >
      <TextField
        label={text('licenses.user')}
        value={user}
        onChange={setUser}
        hint={<T id="licenses.user-hint" />}
        autoFocus
      />
      <TextField label={text('licenses.modules')} value={modules} onChange={setModules} />
      <TextField label={text('licenses.before')} type="date" value={before} onChange={setBefore} />
    </Dialog>
  );
}
