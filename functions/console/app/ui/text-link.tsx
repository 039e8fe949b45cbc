import type { ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';

/** A link to a page of the console. */
export function TextLink({ to, children }: { readonly to: LinkProps['to']; readonly children: ReactNode }) {
  return (
    <Link to={to} className="link">
      {children}
    </Link>
  );
}
