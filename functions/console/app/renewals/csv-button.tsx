import { api } from '../api/client.ts';
import { CsvButton } from '../api/csv-button.tsx';
import type { RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';

/** Saves all rows of a renewal, with its snapshot, as CSV. */
export function RowsCsvButton({ renewal: { renewalId } }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  return (
    <CsvButton
      name={`renewal-${renewalId}.csv`}
      ask={({ cursor, signal }) =>
        api.GET('/tenants/{tenant}/exports/renewals/{renewalId}', {
          params: { path: { tenant, renewalId }, query: { format: 'csv', cursor } },
          parseAs: 'blob',
          signal,
        })
      }
    />
  );
}
