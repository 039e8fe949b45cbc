import type { ReactNode } from 'react';
import { T, useText } from '../texts/text.tsx';
import { Notice } from '../ui/notice.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';

/** A setting in words: when the dialog opened, as this person wants it, and as somebody else has saved it meanwhile. */
export type Sides = {
  readonly id: string;
  readonly name: ReactNode;
  readonly before: string;
  readonly mine: string;
  readonly theirs: string;
};

/** Shows what somebody else has saved meanwhile, beside what this person wants. */
export function StaleSides({ settings }: { readonly settings: readonly Sides[] }) {
  const text = useText();
  return (
    <>
      <Notice kind="warning">
        <T id="settings.stale" />
      </Notice>
      <SimpleTable
        caption={text('settings.stale-caption')}
        columns={[
          { id: 'name', head: text('settings.setting'), cell: ({ name }) => name },
          { id: 'before', head: text('settings.side-before'), cell: (row) => <bdi translate="no">{row.before}</bdi> },
          { id: 'theirs', head: text('settings.side-theirs'), cell: (row) => <bdi translate="no">{row.theirs}</bdi> },
          { id: 'mine', head: text('settings.side-mine'), cell: (row) => <bdi translate="no">{row.mine}</bdi> },
        ]}
        rows={settings.filter(({ before, mine, theirs }) => before !== mine || before !== theirs)}
        rowKey={({ id }) => id}
      />
    </>
  );
}
