/**
 * The one definition of the table: the stack, the local run and the tests all build it from here.
 * Plain data, so that no reader needs an SDK. Names of keys and items: `keys.ts`.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /**
   * When an item is garbage (seconds since 1970). Only on items whose readers check the expiry themselves, since TTL is
   * lazy, and never on an item that holds a license.
   */
  timeToLive: 'ttl',
  /** Keys only: what a claim writes is in no index but the one of idle deadlines, and nothing is decided on any of them. */
  indexes: {
    /** All licenses, or all user cards, of a tenant, by serial number or user id; its imports and renewals by time; all tenants. */
    'by-tenant': { partitionKey: 'tenantKey', sortKey: 'tenantSort' },
    /** All licenses, or all user cards, of one folder, by serial number or user id. */
    'by-folder': { partitionKey: 'folderKey', sortKey: 'folderSort' },
    /** The licenses of a tenant by their last day. */
    'by-expiry': { partitionKey: 'expiryKey', sortKey: 'expirySort' },
    /** Sparse: user cards with open sessions, by their earliest idle deadline. */
    'by-idle-deadline': { partitionKey: 'idleKey', sortKey: 'idleSort' },
  },
} as const;

export type IndexName = keyof typeof TABLE.indexes;
