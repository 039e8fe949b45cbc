import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';

type UserPickerProps = { readonly onChange: (user: string | undefined) => void };

const SHOWN = 20;

/** A user, found by the beginning of the id or of a word of the name. */
export function UserPicker({ onChange }: UserPickerProps) {
  const text = useText();
  const { tenant } = usePlace();
  const [search, setSearch] = useState('');
  const { data, isPlaceholderData } = useQuery({
    queryKey: [...tenantKey(tenant), 'user-cards', 'search', search],
    queryFn: ({ signal }) =>
      read(
        api.GET('/tenants/{tenant}/user-cards', {
          params: { path: { tenant }, query: { search: search.trim() || undefined, limit: SHOWN } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
  // Until the answer is there, those of the question before are offered that also fit this one.
  const people = (data?.userCards ?? []).filter((card) => !isPlaceholderData || isFound(card, search.trim()));
  return (
    <ComboBox
      className="field combo-box"
      items={people.map((card) => ({ ...card, id: card.user }))}
      inputValue={search}
      onInputChange={(next) => {
        setSearch(next);
        onChange(people.find(({ user }) => user === next)?.user);
      }}
      onChange={(key) => {
        if (key === null) return;
        setSearch(String(key));
        onChange(String(key));
      }}
      menuTrigger="focus"
      autoFocus
      allowsEmptyCollection
    >
      <Label className="field-label">{text('licenses.user')}</Label>
      <Input className="input" spellCheck={false} placeholder={text('licenses.user-search')} />
      <Popover className="popover">
        <ListBox<(typeof people)[number] & { id: string }>
          className="menu"
          renderEmptyState={() => (
            <p className="menu-empty">
              <T id="licenses.no-such-user" />
            </p>
          )}
        >
          {({ id, name, folder }) => (
            <ListBoxItem id={id} textValue={id} className="menu-item">
              <span className="menu-item-text" translate="no">
                <Text slot="label">
                  <bdi>{name ?? id}</bdi>
                </Text>
                <Text slot="description" className="menu-item-why">
                  <bdi>{[id, folder].filter(Boolean).join(' · ')}</bdi>
                </Text>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

function isFound({ user, name = '' }: { readonly user: string; readonly name?: string | undefined }, search: string) {
  const beginning = search.toLowerCase();
  return [user, ...name.split(/\s/)].some((word) => word.toLowerCase().startsWith(beginning));
}
