import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { T } from '../texts/text.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, daysBetween } from '../ui/time.tsx';
import type { EndingDay } from './year-calendar.tsx';

type Expiring = Answer<'/tenants/{tenant}/expiring-licenses'>['licenses'][number];

/** The service names the users of licenses that end within so many days. */
const NAMED_DAYS = 90;

/** What ends on a day, whom it concerns by name, and what can be done about it. */
export function OneDay({ day: { day, licenses, users } }: { readonly day: EndingDay }) {
  const { tenant, today } = usePlace();
  const base = `/t/${encodeSegment(tenant)}`;
  const left = daysBetween(today, day);
  return (
    <aside className="one-day">
      <h2>
        <Day day={day} />
      </h2>
      <p>
        <T id="expiry.ends-then" values={{ licenses, users, left }} />
      </p>
      <p className="one-day-links">
        <TextLink to={`${base}/renewals?plan=yes&day=${day}`}>
          <T id="expiry.plan-these" />
        </TextLink>
        <TextLink to={`${base}/licenses?before=${dayAfter(day)}&sort=last-day`}>
          <T id="expiry.show-licenses" />
        </TextLink>
      </p>
      {left <= NAMED_DAYS ? (
        <Concerned day={day} />
      ) : (
        <p className="muted">
          <T id="expiry.names-later" values={{ days: NAMED_DAYS }} />
        </p>
      )}
    </aside>
  );
}

function Concerned({ day }: { readonly day: string }) {
  const { tenant } = usePlace();
  const expiring = useQuery({
    queryKey: [...tenantKey(tenant), 'expiring-licenses'],
    queryFn: async ({ signal }) => {
      const licenses: Expiring[] = [];
      let cursor: string | undefined;
      do {
        const query = { cursor };
        const page = await read(
          api.GET('/tenants/{tenant}/expiring-licenses', { params: { path: { tenant }, query }, signal }),
        );
        licenses.push(...page.licenses);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return licenses;
    },
  });
  if (expiring.isPending) return <Loading />;
  if (expiring.isError) {
    return (
      <Notice kind="danger">
        <ProblemText problem={Problem.from(expiring.error)} />
      </Notice>
    );
  }
  const concerned = expiring.data.filter(({ expiresOn, users }) => expiresOn === day && users.length > 0);
  if (concerned.length === 0) {
    return (
      <p className="muted">
        <T id="expiry.nobody" />
      </p>
    );
  }
  return (
    <ul className="concerned">
      {concerned.map(({ serialNumber, users }) => (
        <li key={serialNumber}>
          {users.map((user) => (
            <TextLink key={user} to={`/t/${encodeSegment(tenant)}/users/${encodeSegment(user)}`}>
              <bdi translate="no">{user}</bdi>
            </TextLink>
          ))}
          <bdi className="muted" translate="no">
            {serialNumber}
          </bdi>
        </li>
      ))}
    </ul>
  );
}

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
