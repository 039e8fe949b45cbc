import type { Renewal } from '../api/types.ts';
import { T } from '../texts/text.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { FolderName } from '../ui/names.tsx';
import { Day } from '../ui/time.tsx';

type Group = Renewal['shortfall'][number];

type ShortGroupProps = {
  readonly group: Group;
  readonly ticked: ReadonlySet<string>;
  /** Absent when there is nothing to approve. */
  readonly onTick?: (serialNumbers: readonly string[], isOn: boolean) => void;
};

/** The licenses of a class and a folder that get no replacement, by name, and what is free for their users instead. */
export function ShortGroup({ group, ticked, onTick }: ShortGroupProps) {
  const { licenses, instead, folder } = group;
  const names = licenses.map(({ serialNumber }) => serialNumber);
  const count = names.filter((name) => ticked.has(name)).length;
  const title = (
    <strong>
      <FolderName path={folder} /> · <ClassName of={group.class} /> · {licenses.length}
    </strong>
  );
  return (
    <div className="short">
      <div className="short-head">
        {onTick === undefined ? (
          title
        ) : (
          <CheckBox
            isSelected={count === names.length}
            isIndeterminate={count > 0 && count < names.length}
            onChange={(isOn) => onTick(names, isOn)}
          >
            {title}
          </CheckBox>
        )}
        <Instead instead={instead} />
      </div>
      <ul className="short-list">
        {licenses.map((one) => (
          <li key={one.serialNumber}>
            {onTick === undefined ? (
              <Loser license={one} />
            ) : (
              <CheckBox isSelected={ticked.has(one.serialNumber)} onChange={(isOn) => onTick([one.serialNumber], isOn)}>
                <Loser license={one} />
              </CheckBox>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Instead({ instead }: Pick<Group, 'instead'>) {
  if (instead.length === 0) {
    return (
      <p className="muted">
        <T id="renewals.nothing-instead" />
      </p>
    );
  }
  return (
    <ul className="instead muted">
      {instead.map(({ folder, type, access, free }) => (
        <li key={`${folder} ${type} ${access}`}>
          <T
            id="renewals.instead"
            values={{
              count: free,
              folder: <FolderName path={folder} />,
              class: <ClassName of={{ type, access, modules: 'all' }} />,
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function Loser({
  license: { serialNumber, user, name, withoutFrom },
}: {
  readonly license: Group['licenses'][number];
}) {
  const values = { license: serialNumber, day: <Day day={withoutFrom} /> };
  return (
    <span>
      {user === undefined ? (
        <T id="renewals.loses-nobody" values={values} />
      ) : (
        <T id="renewals.loses" values={{ ...values, user: name ?? user }} />
      )}
    </span>
  );
}
