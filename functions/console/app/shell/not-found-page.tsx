import { Compass } from 'lucide-react';
import { T } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { TextLink } from '../ui/text-link.tsx';

export function NotFoundPage() {
  return (
    <Empty icon={Compass} title={<T id="shell.not-found" />}>
      <p>
        <T id="shell.not-found-explanation" />
      </p>
      <TextLink to="/">
        <T id="shell.to-first-page" />
      </TextLink>
    </Empty>
  );
}
