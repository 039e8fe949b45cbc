import { useQuery } from '@tanstack/react-query';
import { CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, LicenseClass, SerialLink, UserLink } from '../ui/names.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { ChangeText } from './entry-text.tsx';

type Then = Answer<'/tenants/{tenant}/user-cards/{user}/as-of'>['licenses'][number];
type At = { readonly at: string };

function useThen<T>(what: string, name: string, at: string, ask: (tenant: string, signal: AbortSignal) => Promise<T>) {
  const { tenant } = usePlace();
  return useQuery({
    queryKey: [...tenantKey(tenant), 'as-of', what, name, at],
    queryFn: ({ signal }) => ask(tenant, signal),
  });
}

/** Who held a license, and where it was. */
export function LicenseThen({ serialNumber, at }: At & { readonly serialNumber: string }) {
  const answer = useThen('license', serialNumber, at, (tenant, signal) =>
    read(
      api.GET('/tenants/{tenant}/licenses/{serialNumber}/as-of', {
        params: { path: { tenant, serialNumber }, query: { at } },
        signal,
      }),
    ),
  );
  if (answer.isPending) return <Loading />;
  if (answer.isError) return <PageFaultView error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data.known) {
    return (
      <Empty icon={CircleSlash} title={<T id="history.not-known" values={{ serial: serialNumber }} />}>
        <p>
          <Instant at={at} />
        </p>
      </Empty>
    );
  }
  return <ThenSentence license={answer.data} at={at} isLarge />;
}

/** The licenses that a user held. */
export function UserThen({ user, at }: At & { readonly user: string }) {
  const answer = useThen('user', user, at, (tenant, signal) =>
    read(
      api.GET('/tenants/{tenant}/user-cards/{user}/as-of', {
        params: { path: { tenant, user }, query: { at } },
        signal,
      }),
    ),
  );
  if (answer.isPending) return <Loading />;
  if (answer.isError) return <PageFaultView error={answer.error} onRetry={() => void answer.refetch()} />;
  const { licenses } = answer.data;
  const values = { at: <Instant at={at} />, user: <UserLink user={user} />, count: licenses.length };
  return <ThenList title={<T id="history.user-then" values={values} />} licenses={licenses} at={at} />;
}

/** The licenses that were in a folder, and who held them. */
export function FolderThen({ folder, at }: At & { readonly folder: string }) {
  const answer = useThen('folder', folder, at, async (tenant, signal) => {
    const licenses: Then[] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await read(
        api.GET('/tenants/{tenant}/folders/{folder}/as-of', {
          params: { path: { tenant, folder }, query: { at, cursor } },
          signal,
        }),
      );
      licenses.push(...page.licenses);
      cursor = page.cursor;
    }
    return licenses;
  });
  if (answer.isPending) return <Loading />;
  if (answer.isError) return <PageFaultView error={answer.error} onRetry={() => void answer.refetch()} />;
  const values = { at: <Instant at={at} />, folder: <FolderName path={folder} />, count: answer.data.length };
  return <ThenList title={<T id="history.folder-then" values={values} />} licenses={answer.data} at={at} />;
}

type ThenListProps = At & { readonly title: ReactNode; readonly licenses: readonly Then[] };

function ThenList({ title, licenses, at }: ThenListProps) {
  return (
    <>
      <h2 className="then-title">{title}</h2>
      <ol className="then-list">
        {licenses.map((license) => (
          <li key={license.serialNumber}>
            <ThenSentence license={license} at={at} />
          </li>
        ))}
      </ol>
    </>
  );
}

type ThenSentenceProps = At & { readonly license: Then; readonly isLarge?: boolean };

/** The sentence that an auditor asks for: whose a license was, where, and who had changed it last. */
function ThenSentence({ license, at, isLarge = false }: ThenSentenceProps) {
  const text = useText();
  const { serialNumber, assignedTo, currentUser, since, folder, validFrom, expiresOn, deletedAt, lastChange } = license;
  const holder = currentUser ?? assignedTo;
  const id =
    deletedAt !== undefined
      ? 'deleted'
      : currentUser !== undefined
        ? 'in-use'
        : holder !== undefined
          ? 'owned'
          : 'free';
  return (
    <article className="then" data-large={isLarge || undefined}>
      <p className="then-sentence">
        <T
          id={`history.then-${id}`}
          values={{
            at: <Instant at={at} />,
            serial: <SerialLink serial={serialNumber} />,
            user: holder === undefined ? '' : <UserLink user={holder} />,
            folder: <FolderName path={folder} />,
          }}
        />{' '}
        {license.releasing && (
          <Chip tone="warning" mark="half">
            <T id="history.event-releasing" />
          </Chip>
        )}
      </p>
      <Facts
        facts={[
          { name: text('history.class'), value: <LicenseClass license={license} /> },
          {
            name: text('history.term'),
            value: (
              <>
                <Day day={validFrom} /> – {expiresOn === undefined ? '' : <Day day={expiresOn} />}
              </>
            ),
          },
          ...(assignedTo === undefined
            ? []
            : [{ name: text('history.assigned-to'), value: <UserLink user={assignedTo} /> }]),
          ...(since === undefined ? [] : [{ name: text('history.in-use-since'), value: <Instant at={since} /> }]),
          {
            name: text('history.last-change'),
            value: (
              <>
                <Instant at={lastChange.at} /> · <ChangeText change={lastChange} />
              </>
            ),
          },
        ]}
      />
    </article>
  );
}
