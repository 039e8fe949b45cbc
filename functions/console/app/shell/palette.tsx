import { ArrowRight, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete';
import { Dialog } from 'react-aria-components/Dialog';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { SearchField } from 'react-aria-components/SearchField';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import type { TextId } from '../described/texts.ts';
import { T, useText } from '../texts/text.tsx';
import { usePlace } from './me.ts';
import { ENTRIES } from './navigation-entries.ts';

/** Leads to any page, license or user from the keyboard. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  return (
    <ModalOverlay
      className="overlay palette-overlay"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => isOpen || onClose()}
    >
      <Modal className="palette">
        <PaletteDialog onClose={onClose} />
      </Modal>
    </ModalOverlay>
  );
}

type Target = {
  readonly to: string;
  readonly text: string;
  /** The text, with the name in it shown as one. */
  readonly shown?: ReactNode;
};

function PaletteDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const navigate = useNavigate();
  const { tenant, caller } = usePlace();
  const { contains } = useFilter({ sensitivity: 'base' });
  const [query, setQuery] = useState('');
  const base = `/t/${encodeSegment(tenant)}`;
  const pages = tenant === '' ? [] : ENTRIES.flat();
  const name = query.trim();
  const named = (id: TextId, to: string): Target => ({
    to,
    text: text(id, { name }),
    shown: <T id={id} values={{ name }} />,
  });
  const targets: readonly Target[] = [
    ...pages.map(({ page }) => ({ to: `${base}/${page}`, text: text(`shell.nav-${page}`) })),
    ...(caller.role === 'operator' ? [{ to: '/operate', text: text('shell.nav-operate') }] : []),
    ...(name === '' || tenant === ''
      ? []
      : [
          named('shell.find-license', `${base}/licenses/${encodeSegment(name)}`),
          named('shell.find-user', `${base}/users/${encodeSegment(name)}`),
          named('shell.find-why', `${base}/why?user=${encodeURIComponent(name)}`),
        ]),
  ];
  return (
    <Dialog className="dialog" aria-label={text('shell.find')}>
      <Autocomplete inputValue={query} onInputChange={setQuery} filter={contains}>
        <SearchField className="palette-field" aria-label={text('shell.find')} autoFocus>
          <Search size={16} aria-hidden />
          <Input className="palette-input" placeholder={text('shell.find-hint')} spellCheck={false} />
        </SearchField>
        <Menu
          className="menu palette-list"
          aria-label={text('shell.find')}
          items={targets}
          renderEmptyState={() => (
            <p className="menu-empty">
              <T id="shell.find-nothing" />
            </p>
          )}
          onAction={(to) => {
            onClose();
            void navigate(String(to));
          }}
        >
          {({ to, text: name, shown = name }) => (
            <MenuItem id={to} className="menu-item" textValue={name}>
              <span className="menu-item-text">
                <span>{shown}</span>
              </span>
              <ArrowRight size={14} aria-hidden className="muted" />
            </MenuItem>
          )}
        </Menu>
      </Autocomplete>
    </Dialog>
  );
}
