import { type ReactNode, useEffect } from 'react';
import { useText } from '../texts/text.tsx';

export type PageHeadProps = {
  /** The name of the page. It is also the title of the window. */
  readonly title: string;
  /** Beside the title: how many there are, or which one is shown. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
};

export function PageHead({ title, note, actions }: PageHeadProps) {
  const text = useText();
  const windowTitle = text('shell.window-title', { title });
  useEffect(() => {
    document.title = windowTitle;
  }, [windowTitle]);
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {note !== undefined && <p className="page-note">{note}</p>}
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  );
}
