import { expect, it } from 'vitest';
import { EMPTY_TREE } from '../../shared/licensing/folder-tree.ts';
import { licenseItem, tenantItem, userCardItem } from '../../shared/store/items.ts';
import { unexplained } from '../e2e/license-service/unexplained-changes.ts';
import { aLicense, aUserCard, FOLDERS, NOW, SETTINGS } from '../fakes/world.ts';

const later = { change: { actor: 'olga', cause: 'move-licenses', at: '2026-03-03T08:00:00.000Z' } };
const before = licenseItem(aLicense());
const change = { actor: 'olga', cause: 'update-tenant', at: NOW };
const TENANT = { tenantId: 'acme', settings: SETTINGS, folders: EMPTY_TREE, version: 2, change };

it('every change stores in the same write who made it, why and when (I12)', () => {
  const moved = { ...before, folderId: 'sales', version: 2 };
  const card = userCardItem(aUserCard(), undefined);

  expect(unexplained({ before, after: moved })).toEqual([expect.stringContaining('folderId')]);
  expect(unexplained({ before, after: { ...moved, change: { actor: 'olga', at: NOW } } })).toHaveLength(1);
  expect(unexplained({ before })).toEqual([expect.stringContaining('removed')]);
  expect(unexplained({ before: card, after: { ...card, level: 'root' } })).toHaveLength(1);

  expect(unexplained({ before, after: { ...moved, ...later } })).toEqual([]);
  expect(unexplained({ after: before })).toEqual([]);
  const shortened = tenantItem({ ...TENANT, idleShortenedAt: NOW });
  expect(unexplained({ before: shortened, after: tenantItem(TENANT) })).toEqual([]);
  expect(unexplained({ before: shortened, after: tenantItem({ ...TENANT, folders: FOLDERS }) })).toHaveLength(1);
  const seen = { s1: { started: NOW, lastSeen: NOW } };
  expect(unexplained({ before: card, after: { ...card, sessions: seen, idleSort: 'later' } })).toEqual([]);
});
