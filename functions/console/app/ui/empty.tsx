import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type EmptyProps = {
  readonly icon: LucideIcon;
  readonly title: ReactNode;
  /** What the person can do next. */
  readonly children?: ReactNode;
  /** Whether it is read out at once, as for a fault. */
  readonly isAlert?: boolean;
};

/** Stands where a list or a page has nothing to show: it says why, and what comes next. */
export function Empty({ icon: Icon, title, children, isAlert = false }: EmptyProps) {
  return (
    <div className="empty" {...(isAlert && { role: 'alert' })}>
      <Icon size={28} strokeWidth={1.5} aria-hidden className="empty-icon" />
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-text">{children}</div>}
    </div>
  );
}
