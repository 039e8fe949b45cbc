import { Search, X } from 'lucide-react';
import type { Ref } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useText } from '../texts/text.tsx';

type FilterFieldProps = {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Called with Enter, with the button that empties the field, and when the field is left. */
  readonly onDone?: () => void;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A text in a line of filters. Its label is for screen readers. */
export function FilterField({ label, placeholder, value, onChange, onDone, ref }: FilterFieldProps) {
  const text = useText();
  return (
    <SearchField
      className="filter-field"
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onDone && { onSubmit: onDone, onBlur: onDone })}
    >
      <Search size={14} aria-hidden />
      <Input className="input" placeholder={placeholder} spellCheck={false} autoComplete="off" {...(ref && { ref })} />
      {value !== '' && (
        <Button className="button icon-button filter-field-clear" data-variant="quiet" aria-label={text('ui.clear')}>
          <X size={14} aria-hidden />
        </Button>
      )}
    </SearchField>
  );
}
