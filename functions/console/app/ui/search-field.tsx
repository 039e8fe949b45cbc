import { Search, X } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';

type SearchFieldProps = {
  readonly label: string;
  readonly value: string;
  /** Gets the text when Enter is pressed, when the field is left, and when it is cleared. */
  readonly onSubmit: (value: string) => void;
};

/** A field of a filter that takes its text when it is complete. */
export function SearchField({ label, value, onSubmit }: SearchFieldProps) {
  return (
    <AriaSearchField
      key={value}
      className="search-field"
      defaultValue={value}
      onSubmit={onSubmit}
      onClear={() => onSubmit('')}
      onBlur={({ target }) => target instanceof HTMLInputElement && target.value !== value && onSubmit(target.value)}
    >
      <Label className="filter-label">{label}</Label>
      <Search size={14} aria-hidden />
      <Input className="input" placeholder={label} spellCheck={false} />
      {value !== '' && (
        <Button className="button icon-button search-field-clear" data-variant="quiet">
          <X size={14} aria-hidden />
        </Button>
      )}
    </AriaSearchField>
  );
}
