import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { License } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, PersonName } from '../ui/names.tsx';
import { StateChip } from './license-state.tsx';

type StaleVersionProps = {
  /** The license as it was seen. */
  readonly before: License;
  readonly title: string;
  /** Whether a license is as the change would leave it. */
  readonly isDone: (license: License) => boolean;
  readonly onClose: () => void;
  /** Makes the change on the version that is there now. */
  readonly onGoOn: (version: number) => void;
};

/** Somebody was faster: both versions side by side, and the choice between them. */
export function StaleVersion({ before, title, isDone, onClose, onGoOn }: StaleVersionProps) {
  const text = useText();
  const { tenant } = usePlace();
  const { serialNumber } = before;
  const path = { tenant, serialNumber };
  const now = useQuery({
    queryKey: [...tenantKey(tenant), 'license', serialNumber],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/licenses/{serialNumber}', { params: { path }, signal })),
    staleTime: 0,
  });
  if (now.isSuccess && !now.isFetching && isDone(now.data)) {
    return (
      <Dialog
        title={<T id="licenses.already" values={{ name: serialNumber }} />}
        onClose={onClose}
        actions={
          <Button variant="primary" onPress={onClose}>
            <T id="ui.close" />
          </Button>
        }
      >
        <p>
          <T id="licenses.already-explanation" />
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={<T id="licenses.stale" values={{ name: serialNumber }} />}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="licenses.keep-theirs" />
          </Button>
          {now.data !== undefined && (
            <Button variant="primary" onPress={() => onGoOn(now.data.version)}>
              <T id="licenses.do-mine" values={{ action: title }} />
            </Button>
          )}
        </>
      }
    >
      <p>
        <T id="licenses.stale-explanation" />
      </p>
      {now.isPending && <Loading />}
      {now.isError && <PageFaultView error={now.error} onRetry={() => void now.refetch()} />}
      {now.data !== undefined && (
        <table className="versions">
          <thead>
            <tr>
              <th />
              <th scope="col">{text('licenses.as-seen')}</th>
              <th scope="col">{text('licenses.as-is-now')}</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map((row) => (
              <tr key={row}>
                <th scope="row">{text(`licenses.${row}`)}</th>
                <td>
                  <Value row={row} license={before} />
                </td>
                <td>
                  <Value row={row} license={now.data} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

const ROWS = ['state', 'holder', 'folder'] as const;

function Value({ row, license }: { readonly row: (typeof ROWS)[number]; readonly license: License }) {
  if (row === 'state') return <StateChip state={license.state} />;
  if (row === 'folder') return <FolderName path={license.folder} />;
  const user = license.currentUser ?? license.assignedTo;
  return user === undefined ? <T id="licenses.nobody" /> : <PersonName user={user} />;
}
