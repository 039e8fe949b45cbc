import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useText } from '../texts/text.tsx';
import { IconButton } from './button.tsx';

export type DrawerProps = {
  readonly title: ReactNode;
  readonly side: 'start' | 'end';
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A dialog at the edge of the window. It is open as long as it is rendered. */
export function Drawer({ title, side, onClose, children }: DrawerProps) {
  const text = useText();
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal className="drawer" data-side={side}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon={X} label={text('ui.close')} onPress={onClose} />
          </header>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
