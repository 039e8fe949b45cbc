import { useNavigate, useParams } from 'react-router';
import { useText } from '../texts/text.tsx';
import { useAddress } from '../ui/names.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AsOf } from './as-of.tsx';
import { Days } from './days.tsx';

/** What happened, by its days, and the state of things at an instant in the past. */
export function Component() {
  const text = useText();
  const address = useAddress();
  const navigate = useNavigate();
  const { view } = useParams();
  return (
    <>
      <PageHead title={text('history.title')} />
      <div className="history">
        <Tabs
          label={text('history.title')}
          tabs={[
            { id: 'days', text: text('history.days'), content: () => <Days /> },
            { id: 'as-of', text: text('history.as-of'), content: () => <AsOf /> },
          ]}
          value={view === 'as-of' ? 'as-of' : 'days'}
          onChange={(id) => void navigate(id === 'days' ? address('history') : address('history', id))}
        />
      </div>
    </>
  );
}
