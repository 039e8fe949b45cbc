import { ChevronDown } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox as AriaComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { type Choice, ChoiceText } from './select.tsx';

export type ComboBoxProps = {
  readonly label: string;
  readonly choices: readonly Choice<string>[];
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly autoFocus?: boolean;
  readonly empty: ReactNode;
};

/** A choice of one among many, found by typing a part of its text. */
export function ComboBox({ label, choices, value, onChange, empty, autoFocus = false }: ComboBoxProps) {
  const items = useMemo(() => [...choices], [choices]);
  return (
    <AriaComboBox
      className="field combo-box"
      defaultItems={items}
      value={value}
      onChange={(key) => onChange(key === null ? null : String(key))}
      menuTrigger="focus"
      autoFocus={autoFocus}
      allowsEmptyCollection
    >
      <Label className="field-label">{label}</Label>
      <div className="combo-box-line">
        <Input className="input" spellCheck={false} />
        <Button className="button icon-button combo-box-button" data-variant="quiet">
          <ChevronDown size={14} aria-hidden />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox<Choice<string>> className="menu" renderEmptyState={() => <p className="menu-empty">{empty}</p>}>
          {({ id, text, isName }) => (
            <ListBoxItem id={id} textValue={text} className="menu-item">
              <span className="menu-item-text">
                <ChoiceText text={text} isName={isName} />
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
