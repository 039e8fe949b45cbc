import { T, useText } from '../texts/text.tsx';
import { Notice } from '../ui/notice.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { useSettingText } from './setting-text.ts';
import type { SettingName, Settings } from './tenant-settings.ts';

type StaleSidesProps = {
  readonly names: readonly SettingName[];
  readonly before: Settings;
  readonly mine: Settings;
  readonly theirs: Settings;
};

/** What somebody else has saved meanwhile, beside what this person wants. */
export function StaleSides({ names, before, mine, theirs }: StaleSidesProps) {
  const text = useText();
  const settingText = useSettingText();
  const rows = names
    .map((name) => ({
      name,
      before: settingText(before, name),
      mine: settingText(mine, name),
      theirs: settingText(theirs, name),
    }))
    .filter((row) => row.before !== row.mine || row.before !== row.theirs);
  return (
    <>
      <Notice kind="warning">
        <T id="settings.stale" />
      </Notice>
      <SimpleTable
        caption={text('settings.stale-caption')}
        columns={[
          { id: 'name', head: text('settings.setting'), cell: ({ name }) => <T id={`settings.name-${name}`} /> },
          { id: 'before', head: text('settings.side-before'), cell: (row) => <bdi translate="no">{row.before}</bdi> },
          { id: 'theirs', head: text('settings.side-theirs'), cell: (row) => <bdi translate="no">{row.theirs}</bdi> },
          { id: 'mine', head: text('settings.side-mine'), cell: (row) => <bdi translate="no">{row.mine}</bdi> },
        ]}
        rows={rows}
        rowKey={({ name }) => name}
      />
    </>
  );
}
