import type { HTMLInputTypeAttribute, ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField as AriaTextField } from 'react-aria-components/TextField';

export type TextFieldProps = {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: HTMLInputTypeAttribute;
  readonly hint?: ReactNode;
  /** What is wrong with the value. */
  readonly fault?: string | undefined;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly list?: string;
};

/** A line of text with its label above. */
export function TextField({ label, value, onChange, type = 'text', hint, fault, list, ...rest }: TextFieldProps) {
  return (
    <AriaTextField
      {...rest}
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={fault !== undefined}
      autoComplete="off"
    >
      <Label className="field-label">{label}</Label>
      <Input className="input" type={type} spellCheck={false} list={list} />
      {hint !== undefined && hint !== false && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-fault">{fault}</FieldError>
    </AriaTextField>
  );
}
