import { ProgressBar } from 'react-aria-components/ProgressBar';

export type ProgressProps = {
  readonly label: string;
  readonly value?: number | undefined;
  readonly most?: number;
  /** What stands beside the bar, such as `12 of 40`. */
  readonly note?: string | undefined;
};

/** How far something has come. Without a value it is on its way, and nobody knows how far. */
export function Progress({ label, value, most = 1, note }: ProgressProps) {
  const share = value === undefined || most === 0 ? undefined : value / most;
  return (
    <ProgressBar
      className="progress"
      aria-label={label}
      isIndeterminate={share === undefined}
      {...(share !== undefined && { value: value ?? 0, maxValue: most })}
      {...(note !== undefined && { valueLabel: note })}
    >
      <span className="progress-line" data-unknown={share === undefined || undefined}>
        <span className="progress-done" style={share === undefined ? {} : { width: `${share * 100}%` }} />
      </span>
      {note !== undefined && <span className="progress-note number">{note}</span>}
    </ProgressBar>
  );
}
