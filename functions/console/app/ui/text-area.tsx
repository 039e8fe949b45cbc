import type { ReactNode } from 'react';
import { TextArea as AriaTextArea, TextField as AriaTextField, Label, Text } from 'react-aria-components';

export type TextAreaProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly hint?: ReactNode;
  readonly autoFocus?: boolean;
};

/** Lines of text with their label above. */
export function TextArea({ label, value, onChange, rows = 8, hint, autoFocus = false }: TextAreaProps) {
  return (
    <AriaTextField className="field" value={value} onChange={onChange} autoFocus={autoFocus}>
      <Label className="field-label">{label}</Label>
      <AriaTextArea className="input text-area" rows={rows} spellCheck={false} />
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
    </AriaTextField>
  );
}
