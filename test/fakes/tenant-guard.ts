import type { Objects } from '../../shared/platform/ports/objects.ts';
import { type Key, type Table, targetOf } from '../../shared/platform/ports/table.ts';

/** Everything that was asked of a tenant's items and objects. */
export type Touched = string[];

/**
 * Every key names its tenant between two `#`; the index of idle deadlines is the one list that several tenants share.
 */
const isOf = (tenant: string, key: string): boolean => key.split('#').includes(tenant);

/** A table that notes and refuses whatever is asked of one tenant's items. */
export function guardedTable(table: Table, tenant: string, touched: Touched): Table {
  const guard = (call: string, keys: readonly string[]): void => {
    const foreign = keys.filter((key) => isOf(tenant, key));
    touched.push(...foreign.map((key) => `${call} ${key}`));
    if (foreign.length > 0) throw new Error(`${call} of another tenant's items`);
  };
  const pks = (keys: readonly Key[]): readonly string[] => keys.map(({ pk }) => pk);
  return {
    get: async (key) => {
      guard('get', [key.pk]);
      return table.get(key);
    },
    getMany: async (keys) => {
      guard('getMany', pks(keys));
      return table.getMany(keys);
    },
    getAtOnce: async (keys) => {
      guard('getAtOnce', pks(keys));
      return table.getAtOnce(keys);
    },
    query: async (range) => {
      guard('query', [range.pk]);
      return table.query(range);
    },
    list: async (index, range) => {
      guard('list', [range.partition]);
      const page = await table.list(index, range);
      if (index !== 'by-idle-deadline') guard('list', pks(page.keys));
      return page;
    },
    write: async (writes) => {
      guard('write', pks(writes.map(targetOf)));
      return table.write(writes);
    },
  };
}

/** Objects of which those of one tenant are neither looked at nor put. */
export function guardedObjects(objects: Objects, tenant: string, touched: Touched): Objects {
  const guard = (call: string, key: string): void => {
    if (!key.startsWith(`tenants/${tenant}/`) && !key.startsWith(`previews/${tenant}/`)) return;
    touched.push(`${call} ${key}`);
    throw new Error(`${call} of another tenant's objects`);
  };
  return {
    head: async (at) => {
      guard('head', at.key);
      return objects.head(at);
    },
    get: async (found, atMost) => {
      guard('get', found.key);
      return objects.get(found, atMost);
    },
    list: async (range) => {
      guard('list', range.prefix);
      return objects.list(range);
    },
    put: async (...object) => {
      guard('put', object[0]);
      return objects.put(...object);
    },
  };
}
