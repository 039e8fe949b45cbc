import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../texts/text.tsx';
import { IconButton } from './button.tsx';

export type PanelProps = {
  /** What the panel is about. Another one takes the focus. */
  readonly about: string;
  readonly label: string;
  /** What the panel shows: a name from outside. */
  readonly name: string;
  /** Below the name. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** One thing beside its list. It takes the focus when it opens, and Escape closes it. */
export function Panel({ about, label, name, note, actions, onClose, children }: PanelProps) {
  const text = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each one that opens gets the focus
  useEffect(() => heading.current?.focus(), [about]);
  return (
    <section
      className="panel"
      aria-label={label}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
    >
      <header className="panel-head">
        <div className="panel-title">
          <h2 ref={heading} tabIndex={-1}>
            <bdi translate="no">{name}</bdi>
          </h2>
          {note}
        </div>
        {actions}
        <IconButton icon={X} label={text('ui.close')} onPress={onClose} />
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
