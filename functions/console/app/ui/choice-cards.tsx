import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';

export type ChoiceCard<Id extends string> = {
  readonly id: Id;
  readonly title: ReactNode;
  readonly note?: ReactNode;
};

export type ChoiceCardsProps<Id extends string> = {
  readonly label: string;
  readonly cards: readonly ChoiceCard<Id>[];
  readonly value: Id | undefined;
  readonly onChange: (id: Id) => void;
};

/** A choice of one among a few, each with a sentence about it. */
export function ChoiceCards<Id extends string>({ label, cards, value, onChange }: ChoiceCardsProps<Id>) {
  return (
    <RadioGroup
      className="choice-cards"
      value={value ?? null}
      onChange={(id) => {
        const next = cards.find((card) => card.id === id);
        if (next !== undefined) onChange(next.id);
      }}
    >
      <Label className="field-label">{label}</Label>
      {cards.map(({ id, title, note }) => (
        <Radio key={id} value={id} className="choice-card">
          <span className="choice-mark" aria-hidden />
          <span className="choice-text">
            <span className="choice-title">{title}</span>
            {note !== undefined && <span className="muted">{note}</span>}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
