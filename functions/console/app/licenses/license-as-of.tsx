import { useState } from 'react';
import { LicenseThen } from '../history/then.tsx';
import { usePlace } from '../shell/me.ts';
import { instantOf, localOf } from '../shell/zoned-time.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { LicenseLife } from './license-history.tsx';

type LicenseAsOfProps = {
  readonly serialNumber: string;
  /** The instant, in UTC. */
  readonly at: string | undefined;
  readonly onAt: (at: string | undefined) => void;
};

/** Who held a license at an instant, and where it was. The link to the answer can be kept. */
export function LicenseAsOf({ serialNumber, at, onAt }: LicenseAsOfProps) {
  const { timeZone, caller } = usePlace();
  const [local, setLocal] = useState(localOf(timeZone, at ?? caller.now));
  return (
    <div className="as-of">
      <form
        className="as-of-form"
        onSubmit={(event) => {
          event.preventDefault();
          onAt(instantOf(timeZone, local));
        }}
      >
        <TextField
          label={<T id="history.at" values={{ timeZone }} />}
          type="datetime-local"
          value={local}
          onChange={setLocal}
        />
        <Button type="submit" variant="primary">
          <T id="history.show" />
        </Button>
      </form>
      <LicenseLife
        serialNumber={serialNumber}
        at={at}
        onAt={(next) => {
          setLocal(localOf(timeZone, next));
          onAt(next);
        }}
      />
      {at !== undefined && <LicenseThen serialNumber={serialNumber} at={at} />}
    </div>
  );
}
