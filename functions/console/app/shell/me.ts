import { useQuery } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { api, read } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { useText } from '../texts/text.tsx';

const ASK_AGAIN_MS = 60_000;

/** What the service says of the caller, with the time between its clock and this browser's monotonic one. */
export type Caller = Me & { readonly clockOffset: number };

export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: async ({ signal }): Promise<Caller> => {
      const me = await read(api.GET('/me', { signal }));
      return { ...me, clockOffset: Date.parse(me.now) - performance.now() };
    },
    refetchInterval: ASK_AGAIN_MS,
  });
}

export type Place = {
  readonly caller: Caller;
  /** The tenant whose pages are open. It is the caller's own, except for operators. */
  readonly tenant: string;
  /** The time zone of the tenant, in which instants are shown. */
  readonly timeZone: string;
  /** The calendar day of the tenant. */
  readonly today: string;
  readonly mayChange: boolean;
};

export const PlaceContext = createContext<Place | undefined>(undefined);

/** Returns the tenant whose pages are open, and who looks at them. */
export function usePlace(): Place {
  const place = use(PlaceContext);
  if (place === undefined) throw new Error('The shell gives every page its place');
  return place;
}

/** Returns why this role may change nothing at the tenant, or nothing for an administrator. Buttons show it as `why`. */
export function useReadOnlyReason(): string | undefined {
  const text = useText();
  const { role } = usePlace().caller;
  return role === 'administrator' ? undefined : text(`shell.${role}-cannot`);
}
