import { CalendarSync } from 'lucide-react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { useWaitingUploads } from '../api/queries.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { Instant } from '../ui/time.tsx';
import { DownloadButton } from './download-button.tsx';

/** The files that wait for a renewal. Nothing of them counts until one starts. */
export function WaitingUploads() {
  const { tenant } = usePlace();
  const text = useText();
  const why = useReadOnlyReason();
  const navigate = useNavigate();
  const uploads = useWaitingUploads(tenant);
  const waiting = uploads.data?.filter(({ importId }) => importId === undefined) ?? [];
  if (waiting.length === 0) return null;
  return (
    <section className="page-part">
      <h2>
        <T id="imports.waiting" />
      </h2>
      <SimpleTable
        caption={text('imports.waiting')}
        rows={waiting}
        rowKey={({ key }) => key}
        columns={[
          { id: 'name', head: text('imports.file'), cell: ({ name }) => <bdi translate="no">{name}</bdi> },
          {
            id: 'size',
            head: text('imports.size'),
            isNumber: true,
            cell: ({ size }) => <T id="imports.kilobytes" values={{ size: Math.ceil(size / 1024) }} />,
          },
          { id: 'at', head: text('imports.received'), cell: ({ uploadedAt }) => <Instant at={uploadedAt} /> },
          {
            id: 'actions',
            head: text('ui.actions'),
            cell: ({ key }) => (
              <div className="checked">
                <DownloadButton of={{ key }} />
                <Button
                  icon={CalendarSync}
                  why={why}
                  onPress={() =>
                    void navigate(
                      `/t/${encodeSegment(tenant)}/renewals?${new URLSearchParams({ plan: 'yes', file: key })}`,
                    )
                  }
                >
                  <T id="imports.plan-with" />
                </Button>
              </div>
            ),
          },
        ]}
      />
    </section>
  );
}
