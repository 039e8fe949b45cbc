import { Check, CircleUser } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { signOut } from '../sign-in/session.ts';
import { T, useText } from '../texts/text.tsx';
import { LANGUAGES } from '../texts/text-provider.tsx';
import { usePlace } from './me.ts';
import { DENSITIES, setPreferences, THEMES, usePreferences } from './preferences.ts';

/** Who is signed in, how the console looks, and the way out. */
export function PersonMenu() {
  const text = useText();
  const { caller } = usePlace();
  const { language, theme, density } = usePreferences();
  const name = caller.name ?? caller.actor;
  return (
    <MenuTrigger>
      <Button className="button person-button" data-variant="quiet" aria-label={text('shell.you', { name })}>
        <CircleUser size={17} strokeWidth={1.75} aria-hidden />
        <span className="person-name" translate="no">
          {name}
        </span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <div className="person-head">
          <p className="person-full-name">
            <bdi translate="no">{name}</bdi>
          </p>
          <p className="muted">
            <T id={`shell.role-${caller.role}`} />
          </p>
        </div>
        <Menu className="menu" aria-label={text('shell.preferences')}>
          <Choices
            title={text('shell.language')}
            chosen={language}
            choices={LANGUAGES.map((id) => ({
              id,
              text: languageName(id),
              onAction: () => setPreferences({ language: id }),
            }))}
          />
          <Choices
            title={text('shell.theme')}
            chosen={theme}
            choices={THEMES.map((id) => ({
              id,
              text: text(`shell.theme-${id}`),
              onAction: () => setPreferences({ theme: id }),
            }))}
          />
          <Choices
            title={text('shell.density')}
            chosen={density}
            choices={DENSITIES.map((id) => ({
              id,
              text: text(`shell.density-${id}`),
              onAction: () => setPreferences({ density: id }),
            }))}
          />
          <MenuSection className="menu-section" aria-label={text('shell.session')}>
            <MenuItem className="menu-item" onAction={() => void signOut()} textValue={text('shell.sign-out')}>
              <span className="menu-item-mark" />
              <T id="shell.sign-out" />
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const languageName = (tag: string) => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;

type ChoicesProps = {
  readonly title: string;
  readonly chosen: string;
  readonly choices: readonly { readonly id: string; readonly text: string; readonly onAction: () => void }[];
};

function Choices({ title, chosen, choices }: ChoicesProps) {
  return (
    <MenuSection
      className="menu-section"
      selectionMode="single"
      selectedKeys={[chosen]}
      disallowEmptySelection
      shouldCloseOnSelect={false}
    >
      <Header className="menu-head">{title}</Header>
      {choices.map(({ id, text, onAction }) => (
        <MenuItem key={id} id={id} className="menu-item" textValue={text} onAction={onAction}>
          <span className="menu-item-mark">{id === chosen && <Check size={14} aria-hidden />}</span>
          <span translate="no">{text}</span>
        </MenuItem>
      ))}
    </MenuSection>
  );
}
