import { useCallback, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';

/** Reads one value of the query. What does not fit is as if it were not there. */
export type Reading<Value> = (text: string) => Value | undefined;
type Readings = Readonly<Record<string, Reading<string | boolean>>>;
type ValuesOf<All extends Readings> = { readonly [Name in keyof All]?: NonNullable<ReturnType<All[Name]>> | undefined };

export const someText: Reading<string> = (text) => text;
export const yes: Reading<true> = (text) => (text === 'yes' ? true : undefined);

/** Reads a day that the calendar has, so not `2026-02-31`. */
export const someDay: Reading<string> = (text) => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : undefined;
};

/** Reads an instant in UTC, as the links of the console have it. */
export const someInstant: Reading<string> = (text) =>
  /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;

export function oneOf<const Value extends string>(values: readonly Value[]): Reading<Value> {
  return (text) => values.find((value) => value === text);
}

/**
 * Returns the values that the address has, and a function that changes some of them. Every filter, tab and day stands in
 * the address, so that going back works and a link shows the same. `readings` must be a constant of its module.
 */
export function useAddressQuery<All extends Readings>(readings: All) {
  const [parameters, setParameters] = useSearchParams();
  const values = useMemo((): ValuesOf<All> => {
    const read: { [Name in keyof All]?: ValuesOf<All>[Name] } = {};
    for (const name in readings) {
      const given = parameters.get(name);
      const value = given === null ? undefined : readings[name]?.(given);
      Object.assign(read, value === undefined ? {} : { [name]: value });
    }
    return read;
  }, [readings, parameters]);
  // The router's function is a new one on every page, and whoever has ours should not render again for it.
  const set = useRef(setParameters);
  set.current = setParameters;
  const change = useCallback(
    (
      some: { readonly [Name in keyof All]?: string | boolean | undefined },
      how: { readonly replace?: boolean } = {},
    ) => {
      set.current((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(some)) {
          if (value === undefined || value === false) next.delete(name);
          else next.set(name, value === true ? 'yes' : String(value));
        }
        return next;
      }, how);
    },
    [],
  );
  return [values, change] as const;
}
