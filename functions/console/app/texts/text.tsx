import { type ReactNode, useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { TextId } from '../described/texts.ts';

export type Values = Readonly<Record<string, ReactNode>>;
export type PlainValues = Readonly<Record<string, string | number | Date | undefined>>;

/** A text of the catalogs, by its id. A value that is a name is shown apart from the text around it. */
export function T({ id, values }: { readonly id: TextId; readonly values?: Values }): ReactNode {
  const intl = useIntl();
  return values === undefined ? intl.formatMessage({ id }) : intl.formatMessage({ id }, isolated(values));
}

/** Returns a function that gives a text as a plain string, for labels and titles. */
export function useText(): (id: TextId, values?: PlainValues) => string {
  const intl = useIntl();
  return useCallback(
    (id, values) => intl.formatMessage({ id }, values === undefined ? undefined : allApart(values)),
    [intl],
  );
}

function allApart(values: PlainValues): Record<string, string | number | Date | undefined> {
  const entries = Object.entries(values);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? apart(value) : value]));
}

/** Signs and letters that change the direction of what stands around them. */
const TURNING = /[\p{Bidi_Control}\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** Returns a name that may turn what stands around it between signs that prevent that. For places without elements. */
export function apart(name: string): string {
  return TURNING.test(name) ? `\u2068${name.replaceAll('\u2069', '')}\u2069` : name;
}

/** A name may be written from right to left, or hold signs that turn what follows. */
function isolated(values: Values): Record<string, ReactNode> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? <bdi key={name}>{value}</bdi> : value,
    ]),
  );
}

/** Whether a text has this id. For ids that are made of a code that the service sent. */
export function isTextId(texts: object, id: string): id is TextId {
  return Object.hasOwn(texts, id);
}
