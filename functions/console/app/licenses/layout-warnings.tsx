import type { useLayoutCheck } from '../api/queries.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, SerialLink, UserLink } from '../ui/names.tsx';
import type { Asked } from './change-dialog.tsx';
import { ROOT } from './filters.ts';
import { mendOf } from './mend.ts';

type LayoutWarningsProps = {
  readonly layout: ReturnType<typeof useLayoutCheck>;
  /** The chosen folder, whose warnings alone show. */
  readonly folder: string | undefined;
  readonly onAsk: (asked: Asked) => void;
  readonly onClose: () => void;
};

const NAMED = 5;

/** The warnings about the folders, each with the change that mends it, which shows its preview first. */
export function LayoutWarnings({ layout, folder, onAsk, onClose }: LayoutWarningsProps) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  if (layout.isPending) return <Loading />;
  if (layout.isError) return <PageFaultView error={layout.error} onRetry={() => void layout.refetch()} />;
  const path = folder === ROOT ? '' : folder;
  const warnings = layout.data.warnings.filter((one) => path === undefined || one.folder === path);
  return (
    <section className="layout-warnings" aria-label={text('licenses.layout')}>
      {warnings.length === 0 && (
        <p>
          <T id="licenses.layout-none" />
        </p>
      )}
      <ul>
        {warnings.map((one) => {
          const { warning, count, serialNumbers = [], users = [] } = one;
          const mend = mendOf(one);
          const named = Math.min(NAMED, serialNumbers.length + users.length);
          return (
            <li key={`${warning} ${one.folder}`} className="layout-warning">
              <div>
                <p>
                  <strong>
                    <FolderName path={one.folder} />
                  </strong>{' '}
                  <T id={`licenses.layout-${warning}`} values={{ count }} />
                </p>
                <p className="layout-names">
                  {serialNumbers.slice(0, NAMED).map((serial) => (
                    <SerialLink key={serial} serial={serial} />
                  ))}
                  {users.slice(0, NAMED).map((user) => (
                    <UserLink key={user} user={user} />
                  ))}
                  {named > 0 && count > named && <T id="licenses.layout-more" values={{ count: count - named }} />}
                </p>
              </div>
              {mend !== undefined && (
                <Button why={readOnly} onPress={() => onAsk(mend)}>
                  <T id={`licenses.layout-do-${mend.action}`} />
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <Button variant="quiet" onPress={onClose}>
        <T id="licenses.layout-close" />
      </Button>
    </section>
  );
}
