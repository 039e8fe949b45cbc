import { RefreshCw } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('renewals.title')} />
      <Empty icon={RefreshCw} title={<T id="renewals.not-yet" />}>
        <p>
          <T id="renewals.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
