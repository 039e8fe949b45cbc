import { Gauge } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('usage.title')} />
      <Empty icon={Gauge} title={<T id="usage.not-yet" />}>
        <p>
          <T id="usage.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
