import { describe, expect, it } from 'vitest';
import { eventsOfChange } from '../../shared/events/events-of-change.ts';
import { importItem, type StoredImport } from '../../shared/imports/report.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { renewalItem } from '../../shared/renewals/renewal.ts';
import { cleanupMarkWrite } from '../../shared/store/cleanup-mark.ts';
import { licenseItem, tenantItem, userCardItem } from '../../shared/store/items.ts';
import { renewalLockKey } from '../../shared/store/keys.ts';
import { aLicense, aUserCard, FOLDERS, NOW, SETTINGS } from '../fakes/world.ts';

const CHANGE = { actor: 'test', cause: 'test', at: NOW };
const told = (after: Item, before?: Item) => eventsOfChange({ sequenceNumber: '1', after, ...(before && { before }) });

const BEGUN = {
  importId: 'i1',
  tenant: 'acme',
  key: 'tenants/acme/uploads/may.zip',
  uploadedAt: NOW,
  receivedAt: NOW,
  issued: '2026-03-01',
  ignored: [],
};
const running: StoredImport = { ...BEGUN, status: 'running', folderId: 'root' };
const counts = { added: 2, termChanged: 0, unchanged: 0, stale: 0, conflict: 0, deletedBefore: 0 };
const faults = [{ code: 'serial-missing', place: 'line 7', text: 'Ada has none' }];
const rejected: StoredImport = { ...BEGUN, status: 'rejected', finishedAt: NOW, counts, faults };

describe('the events of changes', () => {
  it('report a finished import once, with counts and without the content of the file', () => {
    const [event] = told(importItem(rejected), importItem(running));

    expect(event).toEqual({
      id: expect.any(String),
      type: 'import.finished',
      tenant: 'acme',
      at: NOW,
      data: { importId: 'i1', key: BEGUN.key, status: 'rejected', issued: '2026-03-01', counts, faults: 1 },
    });
    // An upload that is rejected at once is over with its first item.
    expect(told(importItem(rejected))).toEqual([event]);
    expect(told(importItem(running))).toEqual([]);
    expect(told(importItem({ ...rejected, sameAs: 'i0' }), importItem(rejected))).toEqual([]);
  });

  it('report with two ids that a renewal is finished, and that it was undone', () => {
    const renewal = (status: 'running' | 'finished' | 'undone') =>
      renewalItem({
        tenant: 'acme',
        renewalId: '2027',
        status,
        mode: 'assign',
        planId: 'p1',
        rows: 3,
        plannedAt: NOW,
        plannedBy: 'olga',
        switchAt: NOW,
        executions: 1,
        finishedAt: NOW,
        ...(status === 'undone' ? { undoneAt: NOW } : {}),
      });

    const events = [
      ...told(renewal('finished'), renewal('running')),
      ...told(renewal('undone'), renewal('finished')),
      ...told(renewal('finished'), renewal('finished')),
      ...told(renewal('running')),
    ];

    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['renewal.finished', { renewalId: '2027', status: 'finished', rows: 3 }],
      ['renewal.finished', { renewalId: '2027', status: 'undone', rows: 3 }],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  it('report the digest of a day and stuck licenses, each once a day', () => {
    const none = { licenses: 0, inUse: 0, serialNumbers: [] };
    const within = { 7: { licenses: 1, inUse: 1, serialNumbers: ['A1'] }, 30: none, 90: none };
    const stuck = { licenses: 1, serialNumbers: ['Z1'], since: '2026-02-01' };
    const mark = (cleanedOn: string, more: object = { stuck, expiring: within }): Item => {
      const write = cleanupMarkWrite({ tenant: 'acme', cleanedOn, change: CHANGE, ...more });
      return 'put' in write ? write.put : expect.unreachable();
    };

    const events = [...told(mark('2026-03-02')), ...told(mark('2026-03-03'))];

    expect(events.slice(0, 2)).toMatchObject([
      { type: 'license.expiring', at: NOW, data: { day: '2026-03-02', within } },
      { type: 'cleanup.stuck', at: NOW, data: { day: '2026-03-02', ...stuck } },
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect(told(mark('2026-03-04', {}))).toEqual([]);
  });

  it('do not exist for licenses, tenants, the lock of a renewal, a removed item, and a card without a new receipt', () => {
    const tenant = { tenantId: 'acme', settings: SETTINGS, folders: FOLDERS, version: 1, change: CHANGE };
    const quiet: Item[] = [
      licenseItem(aLicense()),
      tenantItem(tenant),
      { ...renewalLockKey('acme'), renewalId: '2027' },
      userCardItem(aUserCard(), undefined),
    ];

    expect(quiet.flatMap((item) => told(item))).toEqual([]);
    expect(eventsOfChange({ sequenceNumber: '1', before: importItem(rejected) })).toEqual([]);
  });
});
