import { Building2 } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('operate.title')} />
      <Empty icon={Building2} title={<T id="operate.not-yet" />}>
        <p>
          <T id="operate.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
