type DayFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
  readonly min?: string;
  readonly max?: string;
};

/** A day in a line of filters. Its label is for screen readers. */
export function DayField({ label, value, onChange, min, max }: DayFieldProps) {
  return (
    <input
      type="date"
      className="input day-field"
      aria-label={label}
      title={label}
      value={value}
      min={min}
      max={max}
      onChange={({ target }) => target.value !== '' && onChange(target.value)}
    />
  );
}
