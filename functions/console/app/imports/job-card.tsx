import { useQueryClient } from '@tanstack/react-query';
import { FileText, X } from 'lucide-react';
import { useIntl } from 'react-intl';
import { encodeSegment } from '../api/path-segment.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Progress } from '../ui/progress.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { ImportButton } from './import-button.tsx';
import { forgetJob, type ImportJob, retryJob } from './import-jobs.ts';
import { changedOf, OutcomeBar, totalOf } from './outcomes.tsx';

/** How many digits of a fingerprint are shown. The whole of it is at hand. */
const SHOWN_DIGITS = 16;

/** A file on its way. */
export function JobCard({ job }: { readonly job: ImportJob }) {
  const text = useText();
  const { source, fingerprint, folder } = job;
  return (
    <article className="job" aria-label={source.name}>
      <header className="job-head">
        <FileText size={16} aria-hidden />
        <bdi translate="no" className="job-name">
          {source.name}
        </bdi>
        {source.kind === 'file' && (
          <span className="muted number">
            <T id="imports.kilobytes" values={{ size: Math.ceil(source.file.size / 1024) }} />
          </span>
        )}
        {fingerprint !== undefined && (
          <code className="muted job-hash" title={fingerprint}>
            {fingerprint.slice(0, SHOWN_DIGITS)}
          </code>
        )}
        {folder !== '' && (
          <span className="muted">
            <T id="imports.goes-into" values={{ folder }} />
          </span>
        )}
        <IconButton icon={X} label={text('imports.forget', { name: source.name })} onPress={() => forgetJob(job.id)} />
      </header>
      <JobStage job={job} />
    </article>
  );
}

function JobStage({ job }: { readonly job: ImportJob }) {
  const { tenant } = usePlace();
  const text = useText();
  const { formatNumber } = useIntl();
  const queries = useQueryClient();
  const { stage } = job;
  const retry = async () => {
    await retryJob(job);
    await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  const place = `/t/${encodeSegment(tenant)}/imports`;
  const percent = (share: number) => formatNumber(share, { style: 'percent' });
  switch (stage.kind) {
    case 'hashing':
      return <Progress label={text('imports.stage-hashing')} note={text('imports.stage-hashing')} />;
    case 'uploading':
      return <Progress label={text('imports.stage-uploading')} value={stage.share} note={percent(stage.share)} />;
    case 'comparing':
      return <Progress label={text('imports.stage-comparing')} note={text('imports.stage-comparing')} />;
    case 'previewed':
      return (
        <div className="job-body">
          {stage.preview.status === 'rejected' ? (
            <Notice kind="danger">
              <T id="imports.would-reject" />
            </Notice>
          ) : (
            <>
              <p>
                <T id={changedOf(stage.preview.counts) === 0 ? 'imports.would-nothing' : 'imports.would'} />
              </p>
              <OutcomeBar counts={stage.preview.counts} />
            </>
          )}
          <div className="job-actions">
            <TextLink to={`${place}?preview=${stage.preview.previewId}`}>
              <T id={stage.preview.status === 'accepted' ? 'imports.see-preview' : 'imports.see-faults'} />
            </TextLink>
            {stage.preview.status === 'accepted' && <ImportButton job={job} />}
          </div>
        </div>
      );
    case 'sending':
      return <Progress label={text('imports.stage-sending')} value={stage.share} note={percent(stage.share)} />;
    case 'importing': {
      const done = stage.counts === undefined ? undefined : totalOf(stage.counts);
      const { licenses } = stage;
      return (
        <Progress
          label={text('imports.stage-importing')}
          {...(done !== undefined && licenses !== undefined && { value: done, most: licenses })}
          note={
            done === undefined || licenses === undefined
              ? text('imports.stage-importing')
              : text('imports.done-of', { done, of: licenses })
          }
        />
      );
    }
    case 'imported':
      return (
        <div className="job-body" role="status">
          {stage.status === 'accepted' ? (
            <>
              <p>
                <T id="imports.status-accepted" />
              </p>
              <OutcomeBar counts={stage.counts} />
            </>
          ) : (
            <Notice kind="danger">
              <T id="imports.was-rejected" />
            </Notice>
          )}
          <div className="job-actions">
            <TextLink to={`${place}/${encodeSegment(stage.importId)}`}>
              <T id="imports.see-report" />
            </TextLink>
          </div>
        </div>
      );
    case 'failed':
      return (
        <div className="job-body">
          <Notice kind="danger">
            <ProblemText problem={stage.problem} />
          </Notice>
          <div className="job-actions">
            <Button onPress={() => void retry()}>
              <T id="shell.try-again" />
            </Button>
          </div>
        </div>
      );
  }
}
