import { Users } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('users.title')} />
      <Empty icon={Users} title={<T id="users.not-yet" />}>
        <p>
          <T id="users.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
