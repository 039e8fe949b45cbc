import { useQueryClient } from '@tanstack/react-query';
import { FileInput } from 'lucide-react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { tenantKey } from '../api/queries.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { type ImportJob, importSource } from './import-jobs.ts';
import { changedOf } from './outcomes.tsx';

/** Imports what was previewed. Without the job, the browser no longer has the file. */
export function ImportButton({ job }: { readonly job: ImportJob | undefined }) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const stage = job?.stage;
  const mayImport = stage?.kind === 'previewed' || (stage?.kind === 'failed' && stage.at === 'import');
  const why = readOnly ?? (mayImport ? undefined : text(job ? 'imports.sent' : 'imports.file-gone'));
  const run = async () => {
    if (job === undefined) return;
    void navigate(`/t/${encodeSegment(job.tenant)}/imports`);
    await importSource(job);
    await queries.invalidateQueries({ queryKey: tenantKey(job.tenant) });
  };
  const count = stage?.kind === 'previewed' ? changedOf(stage.preview.counts) : 0;
  return (
    <Button icon={FileInput} variant="primary" why={why} onPress={() => void run()}>
      {count === 0 ? <T id="imports.import" /> : <T id="imports.import-count" values={{ count }} />}
    </Button>
  );
}
