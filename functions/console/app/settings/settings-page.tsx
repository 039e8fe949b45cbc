import { Settings } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('settings.title')} />
      <Empty icon={Settings} title={<T id="settings.not-yet" />}>
        <p>
          <T id="settings.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
