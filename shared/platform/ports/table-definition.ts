/**
 * The one definition of the table. The stack, the local run and the tests build the table from it. It is plain data, so
 * that no reader needs an SDK. `keys.ts` makes the names of keys and items.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /**
   * When an item may be deleted (seconds since 1970). DynamoDB's TTL is lazy, so only items whose readers check the
   * time themselves have it, and never an item that holds a license.
   */
  timeToLive: 'ttl',
  /**
   * The indexes hold keys only, and nothing is decided on them. What a login's claim writes is in no index except that
   * of the idle deadlines.
   */
  indexes: {
    /**
     * All licenses, or all user cards, of a tenant, by serial number or user id. A tenant's imports and renewals, by
     * time. All tenants.
     */
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
