import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useText } from '../texts/text.tsx';
import { IconButton } from './button.tsx';

export type DialogProps = {
  readonly title: ReactNode;
  readonly size?: 'small' | 'wide' | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons at the bottom, the main one last. */
  readonly actions?: ReactNode;
  /** Whether the person must choose one of the buttons. */
  readonly isAlert?: boolean | undefined;
};

/** A dialog above the page. It is open as long as it is rendered. */
export function Dialog({ title, size = 'small', onClose, children, actions, isAlert = false }: DialogProps) {
  const text = useText();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={!isAlert} onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal className="modal" data-size={size}>
        <AriaDialog className="dialog" role={isAlert ? 'alertdialog' : 'dialog'}>
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!isAlert && <IconButton icon={X} label={text('ui.close')} onPress={onClose} />}
          </header>
          <div className="dialog-body">{children}</div>
          {actions !== undefined && <footer className="dialog-actions">{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
