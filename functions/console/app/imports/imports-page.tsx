import { FileInput } from 'lucide-react';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return (
    <>
      <PageHead title={text('imports.title')} />
      <Empty icon={FileInput} title={<T id="imports.not-yet" />}>
        <p>
          <T id="imports.meanwhile" />
        </p>
      </Empty>
    </>
  );
}
