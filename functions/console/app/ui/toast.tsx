import { CircleAlert, CircleCheck, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useText } from '../texts/text.tsx';
import { IconButton } from './button.tsx';

type Message = { readonly kind: 'done' | 'failed'; readonly text: ReactNode };

const SHOWN_MS = 6_000;
const queue = new ToastQueue<Message>({ maxVisibleToasts: 3 });

/** Says that something was done. What can be undone stands in the activity drawer, where it stays. */
export function sayDone(text: ReactNode): void {
  queue.add({ kind: 'done', text }, { timeout: SHOWN_MS });
}

/** Says that something failed. It stays until it is closed. */
export function sayFailed(text: ReactNode): void {
  queue.add({ kind: 'failed', text });
}

export function Toasts() {
  const text = useText();
  return (
    <ToastRegion queue={queue} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className="toast" data-kind={toast.content.kind}>
          {toast.content.kind === 'done' ? (
            <CircleCheck size={16} aria-hidden />
          ) : (
            <CircleAlert size={16} aria-hidden />
          )}
          <ToastContent className="toast-text">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <IconButton slot="close" icon={X} label={text('ui.close')} />
        </Toast>
      )}
    </ToastRegion>
  );
}
