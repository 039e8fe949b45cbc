import { Check, ChevronDown } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';

export type Choice<Id extends string> = {
  readonly id: Id;
  readonly text: string;
  /** Whether the text is a name from outside. */
  readonly isName?: boolean;
};

export type SelectProps<Id extends string> = {
  readonly label: string;
  readonly choices: readonly Choice<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  /** Shows the label inside the button, as filters do. */
  readonly isFilter?: boolean;
};

/** A choice of one among a few. */
export function Select<Id extends string>({ label, choices, value, onChange, isFilter = false }: SelectProps<Id>) {
  const chosen = choices.find(({ id }) => id === value);
  const isSet = isFilter && value !== choices[0]?.id;
  return (
    <AriaSelect
      className={isFilter ? 'select filter' : 'select field'}
      value={value}
      onChange={(key) => {
        const next = choices.find(({ id }) => id === key);
        if (next !== undefined) onChange(next.id);
      }}
      {...(isSet && { 'data-set': true })}
    >
      <Label className={isFilter ? 'filter-label' : 'field-label'}>{label}</Label>
      <Button className="button select-button" data-variant="plain">
        {isFilter && <span className="filter-name" data-name={label} aria-hidden />}
        <SelectValue className="select-value">{chosen && <ChoiceText {...chosen} />}</SelectValue>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map(({ id, text, isName }) => (
            <ListBoxItem key={id} id={id} textValue={text} className="menu-item">
              {({ isSelected }) => (
                <>
                  <span className="menu-item-mark">{isSelected && <Check size={14} aria-hidden />}</span>
                  <span className="menu-item-text">
                    <ChoiceText text={text} isName={isName} />
                  </span>
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

type ChoiceTextProps = { readonly text: string; readonly isName?: boolean | undefined };

export function ChoiceText({ text, isName = false }: ChoiceTextProps) {
  return isName ? <bdi translate="no">{text}</bdi> : text;
}
