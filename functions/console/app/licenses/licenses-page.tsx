import { useText } from '../texts/text.tsx';
import { PageHead } from '../ui/page-head.tsx';

export function Component() {
  const text = useText();
  return <PageHead title={text('licenses.title')} />;
}
