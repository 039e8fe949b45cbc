import { type ReactNode, useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './text-field.tsx';

export type ConfirmDialogProps = {
  readonly title: ReactNode;
  /** What the button does, in a word or two. */
  readonly action: ReactNode;
  /** What the person types to confirm. Without it the button is enough. */
  readonly typed?: string;
  readonly isDanger?: boolean;
  readonly isPending?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Asks before something that is hard to take back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, typed, isDanger = false, isPending = false, onConfirm, onClose, children } = props;
  const text = useText();
  const [value, setValue] = useState('');
  const isTyped = typed === undefined || value.trim() === typed;
  return (
    <Dialog
      title={title}
      isAlert
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button
            variant={isDanger ? 'danger' : 'primary'}
            isPending={isPending}
            why={isTyped ? undefined : text('ui.type-to-confirm', { name: typed })}
            onPress={onConfirm}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      {typed !== undefined && (
        <TextField
          label={<T id="ui.type-to-confirm" values={{ name: typed }} />}
          value={value}
          onChange={setValue}
          autoFocus
        />
      )}
    </Dialog>
  );
}
