import { History } from 'lucide-react';
import { useNavigate } from 'react-router';
import { EntryList } from '../history/entry-list.tsx';
import { LifeStrip } from '../history/life-strip.tsx';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { useAddress } from '../ui/names.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { useUserHistory } from './user-queries.ts';

/** What concerns a user, or what the user caused, the latest first. */
export function UserHistory({ user }: { readonly user: string }) {
  const text = useText();
  const address = useAddress();
  const navigate = useNavigate();
  const { tenant } = usePlace();
  const thenPage = `${address('history', 'as-of')}?of=user&name=${encodeURIComponent(user)}`;
  const found = useUserHistory(tenant, user);
  if (found.isPending) return <Loading />;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const entries = found.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) return <Empty icon={History} title={<T id="users.no-history" />} />;
  return (
    <div className="panel-parts">
      <p>
        <TextLink to={thenPage}>
          <T id="users.to-time-machine" />
        </TextLink>
      </p>
      <LifeStrip
        entries={entries}
        holder={user}
        onAt={(at) => void navigate(`${thenPage}&at=${encodeURIComponent(at)}`)}
      />
      <EntryList entries={entries} label={text('users.tab-history')} />
      {found.hasNextPage && (
        <Button onPress={() => void found.fetchNextPage()} isPending={found.isFetchingNextPage}>
          <T id="history.more" />
        </Button>
      )}
    </div>
  );
}
