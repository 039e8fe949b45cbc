import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useState } from 'react';
import { oneOf, someDay, someText, useAddressQuery } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { DayField } from '../ui/day-field.tsx';
import { FilterField } from '../ui/filter-field.tsx';
import { Select } from '../ui/select.tsx';

const KINDS = ['license', 'denied', 'webhook-off'] as const;

/** The causes that people ask for. Any other is found by its actor. */
const CAUSES = [
  'login',
  'logout',
  'idle',
  'disconnect',
  'left',
  'import',
  'renewal',
  'assign-license',
  'release-license',
  'move-license',
  'change-licenses',
  'assign-each',
  'delete-license',
  'restore-license',
  'remove-user-card',
] as const;

const READINGS = {
  from: someDay,
  to: someDay,
  kind: oneOf(KINDS),
  actor: someText,
  cause: oneOf(CAUSES),
};

export function useDayFilters() {
  const [filters, change] = useAddressQuery(READINGS);
  const { kind, actor, cause } = filters;
  const clear = () => change({ kind: undefined, actor: undefined, cause: undefined });
  return { filters, change, clear, isNarrowed: (kind ?? actor ?? cause) !== undefined };
}

const ANY = 'any';

/** The range of days with a step to the day before and after, and the filters by kind, cause and actor. */
export function DayFilters({ from, to }: { readonly from: string; readonly to: string }) {
  const text = useText();
  const { today } = usePlace();
  const { filters, change, clear, isNarrowed } = useDayFilters();
  const any = { id: ANY, text: text('history.any') } as const;
  const step = (days: number) => {
    const day = dayAfter(days < 0 ? from : to, days);
    change({ from: day, to: day });
  };
  return (
    <search className="history-filters" aria-label={text('history.filters')}>
      <div className="history-range">
        <IconButton icon={ChevronLeft} label={text('history.day-before')} onPress={() => step(-1)} />
        <DayField
          label={text('history.from')}
          value={from}
          max={today}
          onChange={(day) => change({ from: day, ...(to < day && { to: day }) })}
        />
        <span aria-hidden>–</span>
        <DayField
          label={text('history.to')}
          value={to}
          max={today}
          onChange={(day) => change({ to: day, from: day < from ? day : from })}
        />
        <IconButton
          icon={ChevronRight}
          label={text('history.day-after')}
          onPress={() => step(1)}
          why={to >= today ? text('history.no-future') : undefined}
        />
      </div>
      <Select
        isFilter
        label={text('history.kind')}
        choices={[any, ...KINDS.map((id) => ({ id, text: text(`history.kind-${id}`) }))]}
        value={filters.kind ?? ANY}
        onChange={(id) => change({ kind: id === ANY ? undefined : id })}
      />
      <Select
        isFilter
        label={text('history.cause')}
        choices={[any, ...CAUSES.map((id) => ({ id, text: text(`history.cause-${id}`) }))]}
        value={filters.cause ?? ANY}
        onChange={(id) => change({ cause: id === ANY ? undefined : id })}
      />
      <ActorFilter value={filters.actor} onChange={(actor) => change({ actor })} key={filters.actor} />
      {isNarrowed && (
        <Button variant="quiet" icon={X} onPress={clear}>
          <T id="history.clear" />
        </Button>
      )}
    </search>
  );
}

type ActorFilterProps = {
  readonly value: string | undefined;
  readonly onChange: (actor: string | undefined) => void;
};

/** The actor counts when it is complete: with Enter, or when the field is left. */
function ActorFilter({ value = '', onChange }: ActorFilterProps) {
  const text = useText();
  const [actor, setActor] = useState(value);
  return (
    <FilterField
      label={text('history.actor')}
      placeholder={text('history.actor-hint')}
      value={actor}
      onChange={setActor}
      onDone={() => actor.trim() !== value && onChange(actor.trim() || undefined)}
    />
  );
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
