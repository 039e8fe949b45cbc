import { Download } from 'lucide-react';
import { useState } from 'react';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { saveExport } from '../api/save-export.ts';
import type { RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { sayFailed } from '../ui/toast.tsx';

/** Saves all rows of a renewal, with its snapshot, as CSV. */
export function CsvButton({ renewal: { renewalId } }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  const [parts, setParts] = useState<number>();
  const save = async () => {
    setParts(0);
    try {
      const path = `/tenants/${encodeSegment(tenant)}/exports/renewals/${encodeSegment(renewalId)}?format=csv`;
      await saveExport(path, `renewal-${renewalId}.csv`, setParts);
    } catch (error) {
      sayFailed(<ProblemText problem={Problem.from(error)} />);
    }
    setParts(undefined);
  };
  return (
    <Button icon={Download} isPending={parts !== undefined} onPress={() => void save()}>
      {parts === undefined ? <T id="renewals.csv" /> : <T id="renewals.csv-parts" values={{ count: parts }} />}
    </Button>
  );
}
