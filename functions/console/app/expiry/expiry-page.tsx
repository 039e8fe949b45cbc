import { CalendarClock } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('expiry.title')} />
      <Empty icon={CalendarClock} title={<T id="expiry.not-yet" />}>
        <p>
          <T id="expiry.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
