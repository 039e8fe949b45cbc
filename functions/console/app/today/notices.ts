import type { Answer } from '../api/types.ts';

type Answers = {
  readonly expiring: Answer<'/tenants/{tenant}/expiring-licenses'> | undefined;
  readonly renewals: Answer<'/tenants/{tenant}/renewals'> | undefined;
  readonly imports: Answer<'/tenants/{tenant}/imports'> | undefined;
  readonly draining: Answer<'/tenants/{tenant}/draining-licenses'> | undefined;
  readonly inactive: Answer<'/tenants/{tenant}/inactive-holders'> | undefined;
  readonly usage: Answer<'/tenants/{tenant}/usage'> | undefined;
  readonly layout: Answer<'/tenants/{tenant}/layout-check'> | undefined;
};

export type Notice = {
  readonly kind: 'stopped' | 'rejected' | 'denied' | 'overdue' | 'expiring' | 'waiting' | 'inactive' | 'layout';
  readonly count: number;
  /** The number of people that it concerns, where it is known. */
  readonly users: number;
  /** The page that shows it, with its filters. */
  readonly to: string;
};

/** Returns what needs somebody, the most urgent first. */
export function noticesOf({
  expiring,
  renewals,
  imports,
  draining,
  inactive,
  usage,
  layout,
}: Answers): readonly Notice[] {
  const ending = expiring?.licenses ?? [];
  const last = imports?.imports[0];
  const stopped = renewals?.renewals.filter(({ status }) => status === 'stopped') ?? [];
  const waiting = renewals?.renewals.filter(({ status }) => status === 'planned' || status === 'approved') ?? [];
  const deniedUsers = usage?.days.flatMap((day) => Object.values(day.deniedUsers)) ?? [];
  const all: readonly Notice[] = [
    { kind: 'stopped', count: stopped.length, users: 0, to: 'renewals' },
    { kind: 'rejected', count: last?.status === 'rejected' ? last.faults.length : 0, users: 0, to: 'imports' },
    { kind: 'denied', count: deniedUsers.reduce((sum, count) => sum + count, 0), users: 0, to: 'history?kind=denied' },
    {
      kind: 'overdue',
      count: draining?.licenses.filter(({ overdue }) => overdue).length ?? 0,
      users: 0,
      to: 'licenses?folder=zOld',
    },
    {
      kind: 'expiring',
      count: ending.length,
      users: new Set(ending.flatMap(({ users }) => users)).size,
      to: 'expiry',
    },
    { kind: 'waiting', count: waiting.length, users: 0, to: 'renewals' },
    { kind: 'inactive', count: inactive?.holders.length ?? 0, users: 0, to: 'users?show=inactive' },
    { kind: 'layout', count: layout?.warnings.length ?? 0, users: 0, to: 'licenses?warnings=yes' },
  ];
  return all.filter(({ count }) => count > 0);
}
