import { Copy, History } from 'lucide-react';
import { useState } from 'react';
import { oneOf, someInstant, someText, useAddressQuery } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { instantOf, localOf } from '../shell/zoned-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';
import { FolderThen, LicenseThen, UserThen } from './then.tsx';

const ABOUT = ['license', 'user', 'folder'] as const;
const READINGS = { of: oneOf(ABOUT), name: someText, at: someInstant };

/** Answers who held what at an instant: for a license, a user or a folder. The link shows the same answer to anybody. */
export function AsOf() {
  const text = useText();
  const { caller, timeZone } = usePlace();
  const [{ of = 'license', name, at }, change] = useAddressQuery(READINGS);
  const [now] = useState(() => new Date(serviceNow(caller)).toISOString());
  const instant = at ?? now;
  return (
    <div className="as-of">
      <AsOfForm
        key={`${of} ${name} ${at}`}
        of={of}
        name={name}
        local={localOf(timeZone, instant)}
        onAsk={(asked) => change({ of: asked.of, name: asked.name, at: instantOf(timeZone, asked.local) })}
        onChangeOf={(next) => change({ of: next, name: undefined })}
      />
      {name === undefined ? (
        <Empty icon={History} title={<T id="history.ask" />}>
          <p>
            <T id="history.ask-hint" />
          </p>
        </Empty>
      ) : (
        <div className="as-of-answer">
          {of === 'license' && <LicenseThen serialNumber={name} at={instant} />}
          {of === 'user' && <UserThen user={name} at={instant} />}
          {of === 'folder' && <FolderThen folder={name === '/' ? '' : name} at={instant} />}
          <Button
            icon={Copy}
            onPress={() => {
              const link = new URL(location.href);
              link.searchParams.set('at', instant);
              void navigator.clipboard.writeText(link.href).then(() => sayDone(<T id="history.copied" />));
            }}
          >
            {text('history.copy')}
          </Button>
        </div>
      )}
    </div>
  );
}

type Asked = { readonly of: (typeof ABOUT)[number]; readonly name: string | undefined; readonly local: string };
type AsOfFormProps = Asked & {
  readonly onAsk: (asked: Asked) => void;
  readonly onChangeOf: (of: Asked['of']) => void;
};

function AsOfForm({ of, name = '', local, onAsk, onChangeOf }: AsOfFormProps) {
  const text = useText();
  const { timeZone } = usePlace();
  const [wanted, setWanted] = useState(name);
  const [when, setWhen] = useState(local);
  const chosen = of === 'folder' ? wanted || '/' : wanted.trim();
  const why = chosen === '' ? text('history.name-missing') : when === '' ? text('history.time-missing') : undefined;
  return (
    <form
      className="as-of-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined) onAsk({ of, name: chosen, local: when });
      }}
    >
      <Select
        label={text('history.of')}
        choices={ABOUT.map((id) => ({ id, text: text(`history.of-${id}`) }))}
        value={of}
        onChange={onChangeOf}
      />
      {of === 'folder' ? (
        <FolderSelect
          label={text('history.of-folder')}
          value={wanted === '/' ? '' : wanted}
          onChange={(folder = '') => setWanted(folder === '' ? '/' : folder)}
        />
      ) : (
        <TextField
          label={text(of === 'license' ? 'history.serial' : 'history.user')}
          value={wanted}
          onChange={setWanted}
        />
      )}
      <TextField
        label={<T id="history.at" values={{ timeZone }} />}
        type="datetime-local"
        value={when}
        onChange={setWhen}
      />
      <Button variant="primary" type="submit" why={why}>
        <T id="history.show" />
      </Button>
    </form>
  );
}
