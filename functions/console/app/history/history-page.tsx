import { History } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('history.title')} />
      <Empty icon={History} title={<T id="history.not-yet" />}>
        <p>
          <T id="history.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
