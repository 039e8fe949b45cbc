import { useQueryClient } from '@tanstack/react-query';
import { ListChecks, Undo2 } from 'lucide-react';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Drawer } from '../ui/drawer.tsx';
import { Empty } from '../ui/empty.tsx';
import { Instant } from '../ui/time.tsx';
import { sayFailed } from '../ui/toast.tsx';
import { type Activity, noteActivity, useActivities } from './activity.ts';

/** What I changed, with its undo. */
export function ActivityDrawer({ onClose }: { readonly onClose: () => void }) {
  const activities = useActivities();
  return (
    <Drawer side="end" title={<T id="shell.activity" />} onClose={onClose}>
      {activities.length === 0 ? (
        <Empty icon={ListChecks} title={<T id="shell.activity-none" />}>
          <p>
            <T id="shell.activity-explanation" />
          </p>
        </Empty>
      ) : (
        <ol className="activities">
          {activities.map((activity) => (
            <ActivityItem key={activity.id} activity={activity} />
          ))}
        </ol>
      )}
    </Drawer>
  );
}

function ActivityItem({ activity }: { readonly activity: Activity }) {
  const queries = useQueryClient();
  const { title, at, state, ledger, undo } = activity;
  const refused = ledger.filter(({ refusal }) => refusal !== undefined);
  const runUndo = async () => {
    if (undo === undefined) return;
    noteActivity({ ...activity, state: 'running', undo: undefined });
    try {
      noteActivity({ ...activity, state: 'undone', undo: undefined, ledger: await undo() });
    } catch (error) {
      sayFailed(<ProblemText problem={Problem.from(error)} />);
      noteActivity(activity);
    }
    await queries.invalidateQueries();
  };
  return (
    <li className="activity" data-state={state}>
      <p className="activity-title">{title}</p>
      <p className="muted">
        <Instant at={new Date(at).toISOString()} /> · <T id={`shell.activity-${state}`} />
      </p>
      {refused.length > 0 && (
        <details className="activity-refused">
          <summary>
            <T id="shell.activity-refused" values={{ count: refused.length }} />
          </summary>
          <ul>
            {refused.map(({ name, refusal }) => (
              <li key={name}>
                <bdi translate="no">{name}</bdi> – {refusal !== undefined && <ProblemText problem={refusal} />}
              </li>
            ))}
          </ul>
        </details>
      )}
      {undo !== undefined && (
        <Button icon={Undo2} onPress={() => void runUndo()}>
          <T id="shell.undo" />
        </Button>
      )}
    </li>
  );
}
