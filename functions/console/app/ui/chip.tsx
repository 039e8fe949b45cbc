import type { ReactNode } from 'react';

export type ChipProps = {
  readonly tone: 'good' | 'busy' | 'owned' | 'warning' | 'danger' | 'quiet';
  /** Whether the mark is filled, half filled or empty: a state never shows by its color alone. */
  readonly mark?: 'full' | 'half' | 'empty' | 'cross';
  readonly children: ReactNode;
};

/** A state in one or two words. */
export function Chip({ tone, mark = 'full', children }: ChipProps) {
  return (
    <span className="chip" data-tone={tone}>
      <span className="chip-mark" data-mark={mark} aria-hidden />
      {children}
    </span>
  );
}
