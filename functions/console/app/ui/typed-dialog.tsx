import { type ReactNode, useState } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';
import { TextField } from './text-field.tsx';

type TypedDialogProps = {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly label: string;
  /** What must be typed before the button works. */
  readonly wanted: string;
  readonly action: ReactNode;
  readonly isPending: boolean;
  readonly fault: ReactNode;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asks for a name to be typed before something is done that cannot be undone. */
export function TypedDialog(props: TypedDialogProps) {
  const { title, children, label, wanted, action, isPending, fault, onConfirm, onClose } = props;
  const text = useText();
  const [typed, setTyped] = useState('');
  const isTyped = typed.trim() === wanted;
  return (
    <Dialog
      isAlert
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button
            variant="danger"
            isPending={isPending}
            onPress={onConfirm}
            why={isTyped ? undefined : text('ui.type-first', { name: wanted })}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      <TextField label={label} value={typed} onChange={setTyped} autoFocus />
      {fault !== undefined && <Notice kind="danger">{fault}</Notice>}
    </Dialog>
  );
}
