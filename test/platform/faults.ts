/**
 * Which test turns red for each fault of logins and of the infrastructure, and what keeps the service from it: one of
 * the safeguards that `npm run mutate` takes out, `<file> <what is taken out>`.
 */
type Fault = {
  readonly fault: string;
  /** File below `test/`, and a part of the title that stands there as it is. */
  readonly test: readonly [file: string, title: string];
  readonly safeguard: string;
};

const racing = 'sign-in/sessions/racing.test.ts';
const rules = 'sign-in/sessions/login-rules.test.ts';
const claim = 'store/claim.test.ts';
const mutant = (file: string, text: string) => `${file} ${text}`;

export const FAULTS: readonly Fault[] = [
  {
    fault: 'F21',
    test: [racing, 'gives one user one license, however many first logins race'],
    safeguard: mutant('shared/store/write-user-card.ts', "absent('pk')"),
  },
  {
    fault: 'F22',
    test: [claim, 'a claim of a vacancy'],
    safeguard: mutant('shared/store/claim.ts', "present('pk')"),
  },
  {
    fault: 'F23',
    test: ['sign-in/sessions/crashes.test.ts', 'leaves nothing half done, and the next try ends the work'],
    safeguard: mutant('shared/store/claim.ts', 'card, vacancy and license in one transaction'),
  },
  {
    fault: 'F24',
    test: [claim, 'a claim of a vacancy'],
    safeguard: mutant('shared/store/claim.ts', "equal('folderId', vacancy.folderId)"),
  },
  {
    fault: 'F25',
    test: [racing, 'keeps the license for a second session that logs in while the first logs out'],
    safeguard: mutant('shared/store/write-user-card.ts', "equal('sessions', card.sessions)"),
  },
  {
    fault: 'F26',
    test: [racing, 'takes no license for a login of a known user that ends while it reads'],
    safeguard: mutant('shared/store/write-user-card.ts', "asRead(['ended', mark], before.ended[mark])"),
  },
  {
    fault: 'F27',
    test: [racing, 'never leaves a license both released and newly in use by its old user'],
    safeguard: mutant('shared/store/write-license.ts', "equal('version', before.version)"),
  },
  {
    fault: 'F28',
    test: ['licensing/license/lifecycle.test.ts', 'a release in use goes on until the session ends'],
    safeguard: mutant('shared/licensing/license/lifecycle.ts', 'a release in use leads to releasing'),
  },
  {
    fault: 'F29',
    test: [claim, 'a claim of a vacancy'],
    safeguard: mutant('shared/store/claim.ts', "any(absent('expiresOn'), atLeast('expiresOn', claim.today))"),
  },
  {
    fault: 'F30',
    test: [rules, 'moves all sessions on when the license has expired'],
    safeguard: mutant('shared/licensing/login/judge-login.ts', 'a login on an expired license is judged afresh'),
  },
  {
    fault: 'F31',
    test: ['sign-in/sessions/days-of-the-tenant.test.ts', 'a license of one day, in the tenant’s time zone'],
    safeguard: mutant('shared/licensing/time.ts', 'days are those of the zone'),
  },
  {
    fault: 'F32',
    test: [rules, 'judges again when the card is moved'],
    safeguard: mutant('shared/store/write-user-card.ts', "equal('revision', before.revision)"),
  },
  {
    fault: 'F33',
    test: ['functions/session-hooks/webhooks.test.ts', 'with another body is a conflict, and changes nothing'],
    safeguard: mutant('functions/session-hooks/apply-event.ts', 'one id is one event'),
  },
  {
    fault: 'F34',
    test: [rules, 'a repeated login is one session with one answer'],
    safeguard: mutant('shared/sign-in/sessions/login-writes.ts', 'a card that tells of a login is not written again'),
  },
  {
    fault: 'F35',
    test: ['simulation/login-storms.test.ts', 'serves exactly 300 of 500 over the four steps, in their order'],
    safeguard: mutant('shared/licensing/login/choose-vacancy.ts', 'the steps are tried in their order'),
  },
  {
    fault: 'F36',
    test: [rules, 'throws TryAgain, and never denies, when it loses every race for two seconds'],
    safeguard: mutant('shared/platform/retry.ts', 'the deadline of a call'),
  },
  {
    fault: 'F37',
    test: [rules, 'an expired assigned one blocks, until it is released'],
    safeguard: mutant('shared/licensing/login/judge-login.ts', 'an expired assigned license blocks'),
  },
  {
    fault: 'F50',
    test: [
      'administration/bulk-change.test.ts',
      'refuses the second of two editors of a card, of folders and of settings',
    ],
    safeguard: mutant('shared/administration/tenants.ts', 'the later of two editors is told'),
  },
  {
    fault: 'F51',
    test: [
      'functions/session-hooks/webhooks.test.ts',
      'is another event after eight days, even if its item still exists',
    ],
    safeguard: mutant('shared/sign-in/hooks/handled-event.ts', 'what the table has not deleted is over by its time'),
  },
  {
    fault: 'F52',
    test: ['functions/record-history/record-history.test.ts', 'sets aside an unreadable record at once, and goes on'],
    safeguard: mutant('functions/record-history/record-history.ts', 'what cannot be read is set aside'),
  },
  {
    fault: 'F53',
    test: ['functions/audit-tenants/audit-tenants.test.ts', 'keeps the mark of a later day when it ends late'],
    safeguard: mutant('functions/audit-tenants/audit-tenants.ts', "any(absent('pk'), atMost('auditedOn', today))"),
  },
  {
    fault: 'F54',
    test: [
      'functions/record-history/record-history.test.ts',
      'asks for the records again that the table did not store',
    ],
    safeguard: mutant('functions/record-history/record-history.ts', 'what was not taken is named'),
  },
  {
    fault: 'F55',
    test: [
      'functions/restored-table.test.ts',
      'a restored table reaches the same state when files and calls of the lost day come again %s',
    ],
    safeguard: mutant('shared/licensing/license/import-plan.ts', 'the file issued later decides'),
  },
];
