import { Problem } from '../api/problem.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T } from '../texts/text.tsx';
import { Loading } from '../ui/loading.tsx';
import { useAddress } from '../ui/names.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { useUserCard } from '../users/user-queries.ts';
import { Assumptions } from './assumptions.tsx';
import { type Question, useExplanation } from './explain.ts';
import { Ladder, type Side } from './ladder.tsx';
import { TextTwin } from './text-twin.tsx';

type UserWhyProps = {
  readonly user: string;
  /** What the card would say, and the day of the login. Absent in the panel of a user. */
  readonly whatIf?: Pick<Question, 'card' | 'day'>;
};

/** The last login of a user beside the one that they would have now, or with another card or on another day. */
export function UserWhy({ user, whatIf }: UserWhyProps) {
  const { tenant } = usePlace();
  const address = useAddress();
  const card = useUserCard(tenant, user);
  const foreseen = useExplanation(tenant, { user, ...whatIf }, true);
  const isAbsent = card.isError && Problem.from(card.error).code === 'unknown-user';
  if (card.isPending || foreseen.isPending) return <Loading />;
  if (card.isError && !isAbsent) return <PageFaultView error={card.error} onRetry={() => void card.refetch()} />;
  if (foreseen.isError) return <PageFaultView error={foreseen.error} onRetry={() => void foreseen.refetch()} />;
  const [answer] = foreseen.data.pages;
  const last = card.data?.lastReceipt;
  const before: Side = {
    title: last === undefined ? <T id="why.last-login" /> : <LastLogin at={last.at} />,
    way: last,
    absent: <T id="why.never-logged-in" />,
  };
  const now: Side = {
    title:
      whatIf?.day === undefined ? <T id="why.now" /> : <T id="why.on-day" values={{ day: <Day day={whatIf.day} /> }} />,
    way: answer?.people[0],
    absent: <T id="ui.loading" />,
  };
  return (
    <div className="why-user" aria-busy={foreseen.isPlaceholderData}>
      {isAbsent && (
        <Notice kind="info">
          <T id="why.no-card" values={{ user }} />
        </Notice>
      )}
      <Ladder before={before} now={now} />
      <TextTwin sides={[before, now]} />
      <Assumptions assumptions={answer?.assumptions ?? []} />
      {whatIf === undefined && (
        <p>
          <TextLink to={`${address('why')}?user=${encodeURIComponent(user)}`}>
            <T id="why.to-what-if" />
          </TextLink>
        </p>
      )}
    </div>
  );
}

function LastLogin({ at }: { readonly at: string }) {
  return <T id="why.last-login-at" values={{ at: <Instant at={at} /> }} />;
}
