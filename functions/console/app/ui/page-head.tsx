import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../texts/text.tsx';

export type PageHeadProps = {
  /** The name of the page. It is also the title of the window. */
  readonly title: string;
  /** Whether the title is a name from outside. */
  readonly isName?: boolean;
  /** Beside the title: how many there are, or which one is shown. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
};

/** The first page begins at its top, as a page of the web does. */
let isFirst = true;

/** The head of a page. It takes the focus when the page opens, so that it is read out, and Tab goes on from there. */
export function PageHead({ title, isName = false, note, actions }: PageHeadProps) {
  const text = useText();
  const windowTitle = text('shell.window-title', { title });
  useEffect(() => {
    document.title = windowTitle;
  }, [windowTitle]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  return (
    <header className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {isName ? <bdi translate="no">{title}</bdi> : title}
      </h1>
      {note !== undefined && <p className="page-note">{note}</p>}
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  );
}
