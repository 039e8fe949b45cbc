import { CircleHelp, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ACCESS, LEVELS } from '../users/card-facts.ts';
import { fromPath, toPath } from '../users/filters.ts';
import { useWhyQuery } from './question.ts';
import { UserWhy } from './user-why.tsx';

/** Asks about a user, as the card is or as it would be. */
export function UserQuestion() {
  const [{ user, folder, level, access, day }] = useWhyQuery();
  const card = {
    ...(folder !== undefined && { folder: toPath(folder) }),
    ...(level !== undefined && { level }),
    ...(access !== undefined && { access }),
  };
  const whatIf = { ...(Object.keys(card).length > 0 && { card }), ...(day !== undefined && { day }) };
  return (
    <div className="why-question">
      <UserForm key={user} user={user} />
      {user === undefined ? (
        <Empty icon={CircleHelp} title={<T id="why.ask-user" />}>
          <p>
            <T id="why.ask-user-hint" />
          </p>
        </Empty>
      ) : (
        <>
          <WhatIf />
          <UserWhy user={user} whatIf={whatIf} />
        </>
      )}
    </div>
  );
}

function UserForm({ user = '' }: { readonly user: string | undefined }) {
  const text = useText();
  const [, change] = useWhyQuery();
  const [typed, setTyped] = useState(user);
  const wanted = typed.trim();
  return (
    <form
      className="why-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== '') change({ user: wanted });
      }}
    >
      <TextField label={text('why.user')} value={typed} onChange={setTyped} />
      <Button variant="primary" type="submit" why={wanted === '' ? text('why.user-missing') : undefined}>
        <T id="why.explain" />
      </Button>
    </form>
  );
}

const AS_IS = 'as-is';

/** The knobs: another folder, level, access or day. */
function WhatIf() {
  const text = useText();
  const { today } = usePlace();
  const [{ folder, level, access, day }, change] = useWhyQuery();
  const isSet = (folder ?? level ?? access ?? day) !== undefined;
  const asIs = { id: AS_IS, text: text('why.as-card') } as const;
  return (
    <fieldset className="what-if">
      <legend>
        <T id="why.what-if" />
      </legend>
      <FolderSelect
        forUsers
        label={text('why.folder')}
        anyText={asIs.text}
        value={folder === undefined ? undefined : toPath(folder)}
        onChange={(path) => change({ folder: path === undefined ? undefined : fromPath(path) })}
      />
      <Select
        label={text('why.level')}
        choices={[asIs, ...LEVELS.map((id) => ({ id, text: text(`words.level-${id}`) }))]}
        value={level ?? AS_IS}
        onChange={(id) => change({ level: id === AS_IS ? undefined : id })}
      />
      <Select
        label={text('why.access')}
        choices={[asIs, ...ACCESS.map((id) => ({ id, text: text(`words.access-${id}`) }))]}
        value={access ?? AS_IS}
        onChange={(id) => change({ access: id === AS_IS ? undefined : id })}
      />
      <TextField
        type="date"
        label={text('why.day')}
        value={day ?? today}
        onChange={(next) => change({ day: next === '' || next <= today ? undefined : next })}
      />
      {isSet && (
        <Button
          variant="quiet"
          icon={RotateCcw}
          onPress={() => change({ folder: undefined, level: undefined, access: undefined, day: undefined })}
        >
          <T id="why.reset" />
        </Button>
      )}
    </fieldset>
  );
}
