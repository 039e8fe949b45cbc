import { CircleHelp } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('why.title')} />
      <Empty icon={CircleHelp} title={<T id="why.not-yet" />}>
        <p>
          <T id="why.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
