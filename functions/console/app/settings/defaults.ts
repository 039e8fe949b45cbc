/** What a new tenant has where nothing is set. A test compares it with the service's. */
export const DEFAULTS = {
  environment: 'cloud',
  idleTimeout: 'PT8H',
  cleanupHour: 3,
  setAsideWarningDays: 7,
  refuseWithoutLicense: false,
  claims: 'at-creation',
  onLeave: 'keep',
  publicKeys: {},
} as const;
