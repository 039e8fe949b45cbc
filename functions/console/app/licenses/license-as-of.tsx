import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import { ChangeText } from '../history/entry-text.tsx';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { instantOf, localOf } from '../shell/zoned-time.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Instant } from '../ui/time.tsx';
import { FolderName, PersonName } from './license-class.tsx';

type LicenseAsOfProps = {
  readonly serialNumber: string;
  /** The instant, in UTC. */
  readonly at: string | undefined;
  readonly onAt: (at: string | undefined) => void;
};

/** Who held a license at an instant, and where it was. The link to the answer can be kept. */
export function LicenseAsOf({ serialNumber, at, onAt }: LicenseAsOfProps) {
  const { timeZone, caller } = usePlace();
  const [local, setLocal] = useState(localOf(timeZone, at ?? caller.now));
  return (
    <div className="as-of">
      <form
        className="as-of-form"
        onSubmit={(event) => {
          event.preventDefault();
          onAt(instantOf(timeZone, local));
        }}
      >
        <TextField
          label={<T id="licenses.at" values={{ timeZone }} />}
          type="datetime-local"
          value={local}
          onChange={setLocal}
        />
        <Button type="submit" variant="primary">
          <T id="licenses.look" />
        </Button>
      </form>
      {at !== undefined && <AsOf serialNumber={serialNumber} at={at} />}
    </div>
  );
}

function AsOf({ serialNumber, at }: { readonly serialNumber: string; readonly at: string }) {
  const { tenant } = usePlace();
  const path = { tenant, serialNumber };
  const asOf = useQuery({
    queryKey: [...tenantKey(tenant), 'as-of', serialNumber, at],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/licenses/{serialNumber}/as-of', { params: { path, query: { at } }, signal })),
  });
  if (asOf.isPending) return <Loading />;
  if (asOf.isError) return <PageFaultView error={asOf.error} onRetry={() => void asOf.refetch()} />;
  const then = asOf.data;
  if (!then.known) {
    return (
      <Notice kind="info">
        <T id="licenses.was-unknown" values={{ name: serialNumber, at: <Instant at={at} /> }} />
      </Notice>
    );
  }
  const { folder, currentUser, assignedTo, deletedAt, lastChange } = then;
  const user = currentUser ?? assignedTo;
  const kind =
    deletedAt !== undefined
      ? 'deleted'
      : currentUser !== undefined
        ? 'used'
        : assignedTo !== undefined
          ? 'assigned'
          : 'free';
  return (
    <div className="as-of-answer">
      <p>
        <T
          id={`licenses.was-${kind}`}
          values={{
            name: serialNumber,
            at: <Instant at={at} />,
            user: <PersonName user={user ?? ''} />,
            folder: <FolderName folder={folder} />,
          }}
        />
      </p>
      <p className="muted">
        <T
          id="licenses.last-change"
          values={{ at: <Instant at={lastChange.at} />, change: <ChangeText change={lastChange} /> }}
        />
      </p>
    </div>
  );
}
