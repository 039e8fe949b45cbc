import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const ICONS = { info: Info, warning: TriangleAlert, danger: CircleAlert };

export type NoticeProps = { readonly kind: keyof typeof ICONS; readonly children: ReactNode };

/** A sentence that stands out of a page. A danger is read out at once. */
export function Notice({ kind, children }: NoticeProps) {
  const Icon = ICONS[kind];
  return (
    <div className="notice" data-kind={kind} {...(kind === 'danger' && { role: 'alert' })}>
      <Icon size={16} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
