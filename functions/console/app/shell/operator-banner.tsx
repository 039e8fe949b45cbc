import { Eye } from 'lucide-react';
import { T } from '../texts/text.tsx';
import { TextLink } from '../ui/text-link.tsx';

/** Reminds an operator at every page whose licenses these are. */
export function OperatorBanner({ tenant }: { readonly tenant: string }) {
  return (
    <aside className="operator-banner">
      <Eye size={15} aria-hidden />
      <span>
        <T id="shell.operator-banner" values={{ tenant }} />
      </span>
      <TextLink to="/operate">
        <T id="shell.to-tenants" />
      </TextLink>
    </aside>
  );
}
