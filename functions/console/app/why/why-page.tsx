import { useText } from '../texts/text.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { FolderQuestion } from './folder-question.tsx';
import { useWhyQuery } from './question.ts';
import { UserQuestion } from './user-question.tsx';

/** Why a login got what it got, and who would get what. */
export function Component() {
  const text = useText();
  const [{ of = 'user' }, change] = useWhyQuery();
  return (
    <>
      <PageHead title={text('why.title')} />
      <div className="why">
        <Tabs
          label={text('why.title')}
          tabs={[
            { id: 'user', text: text('why.of-user'), content: () => <UserQuestion /> },
            { id: 'folder', text: text('why.of-folder'), content: () => <FolderQuestion /> },
          ]}
          value={of}
          onChange={(id) => change({ of: id === 'user' ? undefined : id, folder: undefined, outcome: undefined })}
        />
      </div>
    </>
  );
}
