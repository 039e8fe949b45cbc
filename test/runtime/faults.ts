/**
 * Which test turns red for each fault of logins and of the infrastructure, and what keeps the service from it. A safeguard
 * that is a clause or a row of the lifecycle is one that `npm run mutate` takes out: `<file> <what is taken out>`. What the
 * script cannot reach is said in words.
 */
type Fault = {
  readonly fault: string;
  /** File below `test/`, and a part of the title that stands there as it is. */
  readonly test: readonly [file: string, title: string];
  readonly safeguard: { readonly mutant: string } | { readonly beyond: string };
};

const racing = 'sessions/racing.test.ts';
const rules = 'sessions/login-rules.test.ts';
const claim = 'store/claim.test.ts';
const mutant = (file: string, text: string) => ({ mutant: `${file} ${text}` });
const beyond = (words: string) => ({ beyond: words });

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
    test: ['sessions/crashes.test.ts', 'leaves nothing half done, and the next try ends the work'],
    safeguard: beyond('card, vacancy and license are written in one transaction: there is no moment in between'),
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
    test: [racing, 'takes no license for a login whose logout has come, in whichever order they arrive'],
    safeguard: mutant('shared/store/write-user-card.ts', "equal('ended', before.ended)"),
  },
  {
    fault: 'F27',
    test: [racing, 'never leaves a license both released and newly in use by its old user'],
    safeguard: mutant('shared/store/write-license.ts', "equal('version', before.version)"),
  },
  {
    fault: 'F28',
    test: ['licensing/lifecycle.test.ts', 'a release in use goes on until the session ends'],
    safeguard: beyond('the state that a release in use leads to, a value of the table of transitions'),
  },
  {
    fault: 'F29',
    test: [claim, 'a claim of a vacancy'],
    safeguard: mutant('shared/store/claim.ts', "any(absent('expiresOn'), atLeast('expiresOn', claim.today))"),
  },
  {
    fault: 'F30',
    test: [rules, 'moves all sessions on when the license has expired'],
    safeguard: beyond('the rule judges a login on an expired license afresh'),
  },
  {
    fault: 'F31',
    test: ['sessions/days-of-the-tenant.test.ts', 'a license of one day, in the tenant’s time zone'],
    safeguard: beyond('days are reckoned in the tenant’s zone, from one clock'),
  },
  {
    fault: 'F32',
    test: [rules, 'judges anew when the card is moved'],
    safeguard: mutant('shared/store/write-user-card.ts', "equal('revision', before.revision)"),
  },
  {
    fault: 'F33',
    test: ['functions/session-hooks/webhooks.test.ts', 'with another body is a conflict, and changes nothing'],
    safeguard: mutant('shared/hooks/handled-event.ts', "any(absent('pk'), atMost('expiresAt', now))"),
  },
  {
    fault: 'F34',
    test: [rules, 'a login that comes twice is one session, with one answer'],
    safeguard: beyond('sessions have keys, and a card that tells of a login is not written again'),
  },
  {
    fault: 'F35',
    test: ['simulation/login-storms.test.ts', 'serves exactly 300 of 500 over the four steps, in their order'],
    safeguard: beyond('a lost claim reads anew from the first step on'),
  },
  {
    fault: 'F36',
    test: [rules, 'says try again, never none free, when others are faster for two seconds'],
    safeguard: beyond('the deadline of a login, and of each call'),
  },
  {
    fault: 'F37',
    test: [rules, 'an expired assigned one blocks, until it is released'],
    safeguard: beyond('the rule that blocks, and vacancies of all-modules licenses only'),
  },
  {
    fault: 'F50',
    test: [
      'administration/bulk-change.test.ts',
      'tells the later of two editors of a card, of folders and of settings',
    ],
    safeguard: mutant('shared/store/write-tenant.ts', "equal('version', before.version)"),
  },
  {
    fault: 'F51',
    test: [
      'functions/session-hooks/webhooks.test.ts',
      'is another event after eight days, though the table has not deleted it',
    ],
    safeguard: mutant('shared/hooks/handled-event.ts', "any(absent('pk'), atMost('expiresAt', now))"),
  },
  {
    fault: 'F52',
    test: ['functions/record-history/record-history.test.ts', 'sets aside at once what it cannot read, and goes on'],
    safeguard: beyond('a record is read by itself, and the mapping halves a batch that fails'),
  },
  {
    fault: 'F53',
    test: [
      'functions/audit-tenants/audit-tenants.test.ts',
      'that ends late does not take back the mark of a later day',
    ],
    safeguard: mutant('functions/audit-tenants/audit-tenants.ts', "any(absent('pk'), atMost('auditedOn', today))"),
  },
  {
    fault: 'F54',
    test: ['functions/record-history/record-history.test.ts', 'asks for the records again that the table did not take'],
    safeguard: beyond('what was not taken is named in the answer; mapping, queue and alarm are tested on the stack'),
  },
  {
    fault: 'F55',
    test: ['functions/restored-table.test.ts', 'comes to the same end when files and calls of the lost day come again'],
    safeguard: beyond('imports go by issue date and logins by their own time, never by the order of arrival'),
  },
];
