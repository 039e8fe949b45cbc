import { storePreview } from '../../../shared/imports/stored-preview.ts';
import { seededRandom } from '../../../shared/platform/random.ts';
import { vacancyKey } from '../../../shared/store/keys.ts';
import type { ApiWorld } from '../../fakes/api-world.ts';
import { licenseXml } from '../../fakes/license-file.ts';
import { fixedClock } from '../../fakes/world.ts';

/** A call by what its operation leaves open: values of the path, the query, the body, the version. */
export type Given = {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly ifMatch?: string;
  /** What has happened before; may tell the version. */
  readonly before?: (world: ApiWorld) => Promise<unknown>;
};

export type Scenario = {
  /** Changes something, where the operation is a change. */
  readonly success: Given;
  /** For each problem that is not of the operation's kind. */
  readonly problems?: Readonly<Record<string, Given>>;
};

const of = (serialNumber: string, more: Omit<Given, 'path'> = {}): Given => ({ path: { serialNumber }, ...more });
const ofUser = (user: string, more: Omit<Given, 'path'> = {}): Given => ({ path: { user }, ...more });
const renewal = (more: Omit<Given, 'path'> = {}): Given => ({ path: { renewalId: 'r1' }, ...more });

const SETTINGS = { customers: ['acme'], timeZone: 'Europe/Helsinki' };
const VACANT = { folderId: '', type: 'dedicated', access: 'write', serialNumber: 'FREE' } as const;
const PLAN = { renewalId: 'r1', serialNumbers: ['FREE'] };
const HOOK = { tenants: ['okta:acme.okta.com'], authorization: ['secretsmanager:okta-hook'] };
const WEBHOOK = { url: 'https://hooks.acme.example/licenses', secret: ['secretsmanager:webhook'] };

const PREVIEW = {
  status: 'accepted',
  counts: { added: 0, termChanged: 0, unchanged: 0, stale: 0, conflict: 0, deletedBefore: 0 },
  faults: [],
  ignored: [],
  licenses: [],
} as const;

const post = (path: string, body: unknown) => ({
  method: 'POST',
  path: `/tenants/acme${path}`,
  body,
  headers: { 'if-match': '*' },
});

async function putHook({ call }: ApiWorld) {
  return call({ ...post('/hooks/okta', HOOK), method: 'PUT' });
}

async function putWebhook({ call }: ApiWorld) {
  return call({ ...post('/webhook', WEBHOOK), method: 'PUT' });
}

async function plan({ call }: ApiWorld) {
  return call(post('/renewals', PLAN));
}

async function approve(world: ApiWorld) {
  const planned = await plan(world);
  const shortfall = planned.body['shortfall'] as { licenses: { serialNumber: string }[] }[];
  const acceptedShortfall = shortfall.flatMap(({ licenses }) => licenses.map(({ serialNumber }) => serialNumber));
  return world.call(post('/renewals/r1/approve', { acceptedShortfall }));
}

async function started(world: ApiWorld) {
  await plan(world);
  await world.setRenewal('r1', 'running');
}

const gone = { ...of('GONE') };
const nobody = { ...of('NOBODY') };

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  getMe: { success: {} },
  listTenants: { success: {} },
  getTenant: { success: {} },
  createTenant: {
    success: { body: SETTINGS },
    problems: { conflict: { body: { ...SETTINGS, cleanupHour: 9 } } },
  },
  updateTenant: { success: { body: { cleanupHour: 4 } } },
  listHooks: { success: {} },
  getHook: {
    success: { path: { provider: 'okta' }, before: putHook },
    problems: { 'unknown-hook': { path: { provider: 'okta' } } },
  },
  getHookHealth: {
    success: { path: { provider: 'okta' }, before: putHook },
    problems: { 'unknown-hook': { path: { provider: 'okta' } } },
  },
  putHook: { success: { path: { provider: 'okta' }, body: HOOK } },
  getWebhook: { success: { before: putWebhook }, problems: { 'unknown-webhook': {} } },
  putWebhook: { success: { body: WEBHOOK } },
  getWebhookHealth: { success: { before: putWebhook }, problems: { 'unknown-webhook': {} } },
  testWebhook: { success: { before: putWebhook, body: {} }, problems: { 'unknown-webhook': { body: {} } } },
  deleteWebhook: { success: { before: putWebhook } },
  deleteHook: { success: { path: { provider: 'okta' }, before: putHook } },
  audit: { success: {} },
  repair: {
    success: {
      before: ({ table }) => table.write([{ delete: vacancyKey({ ...VACANT, tenant: 'acme' }) }]),
    },
  },
  listLicenses: {
    success: { query: 'folder=&sortBy=expiresOn&limit=3' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' }, 'unknown-user': { query: 'user=nobody' } },
  },
  getLicense: { success: of('A/1%'), problems: { 'unknown-license': nobody, deleted: gone } },
  assignLicense: {
    success: of('A/1%', { body: { user: 'ada' } }),
    problems: {
      'unknown-license': of('NOBODY', { body: { user: 'ada' } }),
      deleted: of('GONE', { body: { user: 'ada' } }),
      'not-dedicated': of('FLOATING', { body: { user: 'ada' } }),
      'unknown-user': of('FREE', { body: { user: 'nobody' } }),
      'in-use': of('USED', { body: { user: 'ada' } }),
      'held-back': of('HELD', { body: { user: 'ada' } }),
      'set-aside': of('SET-ASIDE', { body: { user: 'ada' } }),
      expired: {
        ...of('FREE', { body: { user: 'ada' } }),
        before: async ({ clock }) => clock.move(365 * 86_400_000),
      },
    },
  },
  releaseLicense: { success: of('USED'), problems: { 'unknown-license': nobody, deleted: gone } },
  moveLicense: {
    success: of('FREE', { body: { folder: 'Finance/Helsinki' } }),
    problems: {
      'unknown-license': of('NOBODY', { body: { folder: '' } }),
      deleted: of('GONE', { body: { folder: '' } }),
      'unknown-folder': of('FREE', { body: { folder: 'Nowhere' } }),
    },
  },
  deleteLicense: {
    success: of('FREE'),
    problems: {
      'unknown-license': nobody,
      deleted: gone,
      'in-use': of('USED'),
      assigned: of('ASSIGNED'),
      'held-back': of('HELD'),
    },
  },
  restoreLicense: { success: of('GONE'), problems: { 'unknown-license': nobody } },
  changeLicenses: {
    success: { body: { change: { action: 'release' }, licenses: [{ serialNumber: 'USED' }, { serialNumber: 'NO' }] } },
    problems: {
      'unknown-folder': { body: { change: { action: 'release' }, filter: { folder: 'Nowhere' } } },
      'unknown-user': { body: { change: { action: 'release' }, filter: { user: 'nobody' } } },
    },
  },
  changeUserCards: {
    success: {
      body: { change: { access: 'read' }, to: { users: [{ user: 'ada' }, { user: 'nobody' }] } },
    },
    problems: {
      'unknown-folder': { body: { change: { folder: 'Nowhere' }, to: { folder: '' } } },
      'user-card-in-z-old': { body: { change: { folder: 'zOld' }, to: { folder: '' } } },
    },
  },
  linkId: {
    success: ofUser('ada', { body: { linkedId: 'other-id' } }),
    problems: {
      'unknown-user': ofUser('nobody', { body: { linkedId: 'other-id' } }),
      conflict: ofUser('ada', {
        body: { linkedId: 'other-id' },
        before: async ({ call }) => {
          await call({ ...post('/user-cards/eve', { folder: '' }), method: 'PUT' });
          await call(post('/user-cards/eve/linked-ids', { linkedId: 'other-id' }));
        },
      }),
    },
  },
  unlinkId: {
    success: { path: { user: 'ada', linkedId: 'other-id' } },
    problems: { 'unknown-user': { path: { user: 'nobody', linkedId: 'other-id' } } },
  },
  listInactive: {
    success: { query: 'days=30' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' } },
  },
  assignEach: {
    success: { body: { to: { users: ['ada', 'nobody'] } } },
    problems: { 'unknown-folder': { body: { to: { folder: 'Nowhere' } } } },
  },
  listFolders: { success: {} },
  deleteFolder: {
    success: { path: { folder: 'Empty' }, before: ({ call }) => call(post('/folders', { folder: 'Empty' })) },
    problems: {
      'unknown-folder': { path: { folder: 'Nowhere' } },
      'folder-not-empty': { path: { folder: 'Finance/Helsinki' } },
      'renewal-running': {
        path: { folder: 'Empty' },
        before: async ({ call, lockFor }) => {
          await call(post('/folders', { folder: 'Empty' }));
          await lockFor('r1');
        },
      },
    },
  },
  mergeFolder: {
    success: { path: { folder: 'Finance/Helsinki' }, body: { into: 'Sales' } },
    problems: {
      'unknown-folder': { path: { folder: 'Nowhere' }, body: { into: 'Sales' } },
      'renewal-running': {
        path: { folder: 'Finance/Helsinki' },
        body: { into: 'Sales' },
        before: ({ lockFor }) => lockFor('r1'),
      },
    },
  },
  createFolder: { success: { body: { folder: 'Legal/Contracts' } } },
  renameFolder: {
    success: { path: { folder: 'Finance/Helsinki' }, body: { newPath: 'Sales/Helsinki' } },
    problems: { 'unknown-folder': { path: { folder: 'Nowhere' }, body: { newPath: 'Somewhere' } } },
  },
  listUserCards: {
    success: { query: 'folder=Finance&limit=1' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' } },
  },
  listSessions: { success: { query: 'limit=1' }, problems: { 'unknown-folder': { query: 'folder=Nowhere' } } },
  getUserCard: { success: ofUser('dan'), problems: { 'unknown-user': ofUser('nobody') } },
  putUserCard: {
    success: ofUser('eve', { body: { folder: 'Finance', name: 'Eve' } }),
    problems: {
      'unknown-folder': ofUser('ada', { body: { folder: 'Nowhere' } }),
      'user-card-in-z-old': ofUser('ada', { body: { folder: 'zOld' } }),
    },
  },
  removeUserCard: { success: ofUser('dan'), problems: { 'unknown-user': ofUser('nobody') } },
  assignLicensesToUser: { success: ofUser('ada', { body: { licenses: [{ serialNumber: 'FREE' }] } }) },
  disconnect: { success: ofUser('dan', { body: {} }) },
  explainLogin: { success: ofUser('somebody new') },
  eraseUser: {
    success: ofUser('dan', {
      before: ({ call }) =>
        call({ method: 'DELETE', path: '/tenants/acme/user-cards/dan', headers: { 'if-match': '*' } }),
    }),
    problems: { 'in-use': ofUser('dan'), 'own-erasure': ofUser('olga') },
  },
  createUpload: {
    success: { body: { name: 'licenses.zip', folder: 'Finance' } },
    problems: {
      'unknown-folder': { body: { name: 'licenses.zip', folder: 'Nowhere' } },
      'set-aside': { body: { name: 'licenses.zip', folder: 'zOld' } },
    },
  },
  pasteLicenses: {
    success: { body: { xml: '<licenses/>' } },
    problems: {
      'unknown-folder': { body: { xml: '<licenses/>', folder: 'Nowhere' } },
      'set-aside': { body: { xml: '<licenses/>', folder: 'zOld' } },
    },
  },
  listWaitingUploads: { success: {} },
  createDownload: {
    success: { body: { key: 'tenants/acme/uploads/new file.zip' } },
    problems: { 'unknown-upload': { body: { key: 'tenants/acme/uploads/none.zip' } } },
  },
  previewImport: {
    success: { body: { xml: licenseXml() } },
    problems: {
      'unknown-folder': { body: { xml: '<licenses/>', folder: 'Nowhere' } },
      'set-aside': { body: { xml: '<licenses/>', folder: 'zOld' } },
      'unknown-upload': { body: { upload: 'previews/acme/none.zip' } },
    },
  },
  getImportPreview: {
    success: {
      path: { previewId: 'p1' },
      before: ({ table }) =>
        storePreview({ table, clock: fixedClock(), random: seededRandom(1) }, 'acme', 'p1', PREVIEW),
    },
    problems: { 'unknown-preview': { path: { previewId: 'none' } } },
  },
  listImports: { success: {} },
  getImport: {
    success: { path: { importId: 'import-of-new-file' } },
    problems: { 'unknown-import': { path: { importId: 'nothing' } } },
  },
  getReportOfUpload: {
    success: { path: { name: 'new file.zip' } },
    problems: { 'unknown-import': { path: { name: 'other.zip' } } },
  },
  listRenewals: { success: { before: plan } },
  planRenewal: { success: { body: PLAN } },
  getRenewal: {
    success: renewal({ before: plan }),
    problems: { 'unknown-renewal': renewal() },
  },
  getRenewalDifferences: {
    success: renewal({ before: plan }),
    problems: { 'unknown-renewal': renewal(), conflict: renewal({ before: started }) },
  },
  listRenewalRows: {
    success: renewal({ query: 'outcome=shortfall', before: plan }),
    problems: {
      'unknown-renewal': renewal(),
      'unknown-folder': renewal({ query: 'folder=Nowhere', before: plan }),
    },
  },
  listRenewalEndings: { success: renewal({ before: plan }), problems: { 'unknown-renewal': renewal() } },
  approveRenewal: {
    success: renewal({ before: plan, body: { acceptedShortfall: ['FREE'] } }),
    problems: {
      'unknown-renewal': renewal({ body: {} }),
      conflict: renewal({
        body: { acceptedShortfall: ['FREE'] },
        before: async (world) => {
          await plan(world);
          await world.call({ method: 'DELETE', path: '/tenants/acme/licenses/FREE', headers: { 'if-match': '*' } });
        },
      }),
    },
  },
  startRenewal: {
    success: renewal({ before: approve }),
    problems: {
      'unknown-renewal': renewal(),
      'renewal-running': renewal({
        before: async (world) => {
          await approve(world);
          await world.lockFor('r2');
        },
      }),
      conflict: renewal({ before: plan }),
    },
  },
  resumeRenewal: {
    success: renewal({
      before: async (world) => {
        await approve(world);
        await world.setRenewal('r1', 'stopped');
      },
    }),
    problems: {
      'unknown-renewal': renewal(),
      'renewal-running': renewal({
        before: async (world) => {
          await approve(world);
          await world.setRenewal('r1', 'stopped');
          await world.lockFor('r2');
        },
      }),
      conflict: renewal({ before: plan }),
    },
  },
  undoRenewal: {
    success: renewal({ before: approve }),
    problems: {
      'unknown-renewal': renewal(),
      'renewal-running': renewal({
        before: async (world) => {
          await approve(world);
          await world.setRenewal('r1', 'stopped');
          await world.lockFor('r2');
        },
      }),
      conflict: renewal({
        before: async (world) => {
          await approve(world);
          await world.setRenewal('r1', 'finished');
        },
      }),
    },
  },
  explain: {
    success: { body: { folder: 'Finance', limit: 1 } },
    problems: {
      'unknown-folder': { body: { folder: 'Nowhere' } },
      'user-card-in-z-old': { body: { card: { folder: 'zOld' } } },
    },
  },
  checkLayout: { success: {} },
  listExpiring: { success: { query: 'within=90' } },
  listDraining: { success: {} },
  getExpiryCalendar: { success: {} },
  createCalendarFeed: { success: {} },
  listCalendarFeeds: { success: { before: ({ call }) => call(post('/calendar-feeds', {})) } },
  deleteCalendarFeed: { success: { path: { feedId: 'a1b2c3d4e5f6' } } },
  getPools: { success: {} },
  listPeaks: { success: { query: 'by=hour&from=2026-03-01&to=2026-03-02' } },
  getNeeds: {
    success: { query: 'by=hour&from=2026-03-01&to=2026-03-02&folder=Finance' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' } },
  },
  getUsage: { success: { query: 'from=2026-03-01&to=2026-03-02' } },
  listLicenseHistory: { success: of('USED', { query: 'limit=1' }), problems: { 'unknown-license': nobody } },
  getLicenseAsOf: { success: of('USED', { query: 'at=2026-03-03T10:00:00Z' }) },
  getUserAsOf: { success: ofUser('dan', { query: 'at=2026-03-03T10:00:00Z' }) },
  listFolderAsOf: {
    success: { path: { folder: 'Finance/Helsinki' }, query: 'at=2026-03-03T10:00:00Z' },
    problems: { 'unknown-folder': { path: { folder: 'Nowhere' }, query: 'at=2026-03-03T10:00:00Z' } },
  },
  listUserHistory: { success: ofUser('dan') },
  listCommands: { success: { query: 'limit=1', before: putHook } },
  listTenantHistory: { success: { query: 'from=2026-03-01&to=2026-03-02&kind=license&actor=login' } },
  exportLicenses: {
    success: { query: 'limit=3' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' }, 'unknown-user': { query: 'user=nobody' } },
  },
  exportUserCards: {
    success: { query: 'format=json-lines' },
    problems: { 'unknown-folder': { query: 'folder=Nowhere' } },
  },
  exportRenewal: { success: renewal({ before: plan }), problems: { 'unknown-renewal': renewal() } },
  exportHistory: { success: { query: 'from=2026-03-01' } },
};
