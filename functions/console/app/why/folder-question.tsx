import { FolderSearch, UserRoundX } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Empty } from '../ui/empty.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, UserLink } from '../ui/names.tsx';
import { Select } from '../ui/select.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Day } from '../ui/time.tsx';
import { fromPath, toPath } from '../users/filters.ts';
import { Assumptions } from './assumptions.tsx';
import { type Explanation, type Foreseen, useExplanation } from './explain.ts';
import { OutcomeChip, OutcomeSentence } from './outcome.tsx';
import { OUTCOMES, useWhyQuery } from './question.ts';

/** A dry drill: who of a folder would get a license, and who would be denied, when all log in one after the other. */
export function FolderQuestion() {
  const text = useText();
  const { tenant, today } = usePlace();
  const [{ folder, subfolders = false, day, outcome }, change] = useWhyQuery();
  return (
    <div className="why-question">
      <div className="why-form">
        <FolderSelect
          forUsers
          label={text('why.folder')}
          anyText={text('why.choose-folder')}
          value={folder === undefined ? undefined : toPath(folder)}
          onChange={(path) => change({ folder: path === undefined ? undefined : fromPath(path) })}
        />
        <TextField
          type="date"
          label={text('why.day')}
          value={day ?? today}
          onChange={(next) => change({ day: next === '' || next <= today ? undefined : next })}
        />
        <CheckBox isSelected={subfolders} onChange={(isSelected) => change({ subfolders: isSelected })}>
          <T id="why.subfolders" />
        </CheckBox>
      </div>
      {folder === undefined ? (
        <Empty icon={FolderSearch} title={<T id="why.ask-folder" />}>
          <p>
            <T id="why.ask-folder-hint" />
          </p>
        </Empty>
      ) : (
        <FolderAnswer
          tenant={tenant}
          question={{
            folder: toPath(folder),
            subfolders,
            ...(day !== undefined && { day }),
            ...(outcome !== undefined && { outcome }),
          }}
        />
      )}
    </div>
  );
}

type FolderAnswerProps = {
  readonly tenant: string;
  readonly question: {
    readonly folder: string;
    readonly subfolders: boolean;
    readonly day?: string;
    readonly outcome?: Foreseen['outcome'];
  };
};

const ALL = 'all';

function FolderAnswer({ tenant, question }: FolderAnswerProps) {
  const text = useText();
  const [{ outcome = ALL }, change] = useWhyQuery();
  const columns = useColumns();
  const found = useExplanation(tenant, question, true);
  const people = useMemo(() => found.data?.pages.flatMap((page) => page.people) ?? [], [found.data]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const loadMore = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  if (found.isPending) return <Loading />;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const [answer] = found.data.pages;
  if (answer === undefined) return null;
  if (answer.counts.people === 0) {
    return (
      <Empty icon={UserRoundX} title={<T id="why.empty-folder" />}>
        <p>
          <T id="why.empty-folder-hint" />
        </p>
      </Empty>
    );
  }
  return (
    <>
      <Summary answer={answer} folder={question.folder} />
      <div className="why-bar">
        <Select
          isFilter
          label={text('why.outcome')}
          choices={[
            { id: ALL, text: text('why.all-outcomes') },
            ...OUTCOMES.map((id) => ({ id, text: text(`why.outcome-${id}`) })),
          ]}
          value={outcome}
          onChange={(id) => change({ outcome: id === ALL ? undefined : id })}
        />
      </div>
      <div className="why-table">
        <DataTable
          label={text('why.people')}
          columns={columns}
          rows={people}
          rowKey={keyOf}
          total={hasNextPage ? undefined : people.length}
          onEnd={hasNextPage ? loadMore : undefined}
          empty={<Empty icon={UserRoundX} title={<T id="why.no-such-outcome" />} />}
        />
      </div>
      <Assumptions assumptions={answer.assumptions} />
    </>
  );
}

const keyOf = ({ user = '' }: Foreseen) => user;

type SummaryProps = { readonly answer: Explanation; readonly folder: string };

/** The people of the folder as a strip: each part is as long as its share, and says its number. */
function Summary({ answer: { counts, denied, day }, folder }: SummaryProps) {
  const served = counts.people - counts.denied;
  const parts = (['assigned', 'continued', 'allocated', 'denied'] as const).filter((outcome) => counts[outcome] > 0);
  return (
    <section className="drill">
      <p className="drill-title">
        <T
          id="why.drill"
          values={{
            folder: <FolderName path={folder} />,
            day: <Day day={day} />,
            served,
            denied: counts.denied,
          }}
        />
      </p>
      <svg className="strip" viewBox={`0 0 ${counts.people} 1`} preserveAspectRatio="none" aria-hidden>
        {parts.map((outcome, place) => (
          <rect
            key={outcome}
            data-outcome={outcome}
            x={parts.slice(0, place).reduce((sum, one) => sum + counts[one], 0)}
            width={counts[outcome]}
            height="1"
          />
        ))}
      </svg>
      <ul className="drill-counts">
        {parts.map((outcome) => (
          <li key={outcome}>
            <OutcomeChip outcome={outcome} /> {counts[outcome]}
          </li>
        ))}
        {REASONS.filter((reason) => denied[reason] !== undefined).map((reason) => (
          <li key={reason} className="muted">
            <T id={`words.reason-${reason}`} />: {denied[reason]}
          </li>
        ))}
      </ul>
    </section>
  );
}

const REASONS = ['no-free-license', 'assigned-license-expired', 'no-access'] as const;

function useColumns(): readonly Column<Foreseen>[] {
  const text = useText();
  return [
    {
      id: 'user',
      head: text('why.user'),
      width: 110,
      grows: 1,
      cell: ({ user, name }) => user !== undefined && <UserLink user={user} name={name} />,
    },
    { id: 'outcome', head: text('why.outcome'), width: 134, cell: ({ outcome }) => <OutcomeChip outcome={outcome} /> },
    {
      id: 'license',
      head: text('why.how'),
      width: 220,
      grows: 2.4,
      rank: 1,
      cell: (way) => <OutcomeSentence way={way} />,
    },
  ];
}
