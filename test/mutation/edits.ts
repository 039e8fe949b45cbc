/** A safeguard that is no clause and no row of the lifecycle: what stands there, exactly once, and what does without it. */
export type Edit = {
  readonly file: string;
  /** What is taken out, in words. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
};

export const EDITS: readonly Edit[] = [
  {
    file: 'shared/store/claim.ts',
    what: 'card, vacancy and license in one transaction',
    from: 'const answer = await table.write([card, ...others]);',
    to: 'const answer = await table.write([card]); if (answer.done && others.length > 0) await table.write(others);',
  },
  {
    file: 'shared/licensing/lifecycle.ts',
    what: 'a release in use leads to releasing',
    from: 'unassigned : { ...unassigned, releasing: true }',
    to: "unassigned : drop(unassigned, 'currentUser', 'since')",
  },
  {
    file: 'shared/licensing/judge-login.ts',
    what: 'a login on an expired license is judged afresh',
    from: "!current.releasing && termPhase(current, today) !== 'expired'",
    to: '!current.releasing',
  },
  {
    file: 'shared/licensing/time.ts',
    what: 'days are those of the zone',
    from: "('en-CA', { timeZone,",
    to: "('en-CA', { timeZone: 'UTC',",
  },
  {
    file: 'shared/sessions/log-in.ts',
    what: 'a card that tells of a login is not written again',
    from: "if (isCovered(card, login) && sameValue(decision.before, card)) return 'nothing to write';",
    to: '',
  },
  {
    file: 'shared/licensing/choose-vacancy.ts',
    what: 'the steps are tried in their order',
    from: 'for (const step of steps) {',
    to: 'for (const step of steps.toReversed()) {',
  },
  {
    file: 'shared/runtime/retry.ts',
    what: 'the deadline of a call',
    from: 'plus(clock.now(), patience)',
    to: 'plus(clock.now(), 10 * patience)',
  },
  {
    file: 'shared/licensing/judge-login.ts',
    what: 'an expired assigned license blocks',
    from: 'allocate: blockedBy === undefined ? steps : []',
    to: 'allocate: steps',
  },
  {
    file: 'shared/licensing/license.ts',
    what: 'vacancies are of all-modules licenses',
    from: 'return modules === ALL_MODULES && (',
    to: 'return (',
  },
  {
    file: 'functions/record-history/record-history.ts',
    what: 'what cannot be read is set aside',
    from: "} catch {\n    return 'unreadable';",
    to: '} catch (error) {\n    throw error;',
  },
  {
    file: 'functions/record-history/record-history.ts',
    what: 'what was not taken is named',
    from: 'failed.push(record.dynamodb.SequenceNumber);',
    to: 'log: failed.length;',
  },
  {
    file: 'shared/licensing/import-plan.ts',
    what: 'the file issued later decides',
    from: 'if (by.issued < issued) return',
    to: 'if (by.issued === undefined) return',
  },
  {
    file: 'shared/licensing/judge-login.ts',
    what: 'a login goes by its own time',
    from: 'if (ended !== undefined && request.at <= ended)',
    to: 'if (ended !== undefined && now <= ended)',
  },
  {
    file: 'shared/hooks/handled-event.ts',
    what: 'what the table has not deleted is over by its time',
    from: 'return now < expiresAt ? handled : undefined;',
    to: 'return handled;',
  },
  {
    file: 'functions/session-hooks/apply-event.ts',
    what: 'one id is one event',
    from: 'if (found.fingerprint !== fingerprint) return { conflict: true };',
    to: '',
  },
  {
    file: 'functions/session-hooks/apply-event.ts',
    what: 'who has left loses all licenses before the event counts as handled',
    from: 'await endSession(deps, tenant.settings, logout);',
    to: 'await endSession(deps, tenant.settings, logout, logoutOnce(deps, given));',
  },
  {
    file: 'shared/sessions/release-leaver.ts',
    what: 'of a user who is back the rest stays',
    from: "if (card?.leaver?.note !== 'left') return 'none left';",
    to: "if (card === undefined) return 'none left';",
  },
  {
    file: 'shared/licensing/leaver.ts',
    what: 'who has logged in since has not left',
    from: 'if (loggedInAt !== undefined && loggedInAt > told.at) return card;',
    to: '',
  },
  {
    file: 'shared/licensing/card-from-claims.ts',
    what: 'a claim lifts no level that an administrator has set',
    from: 'if (isAdministrators) return moved;',
    to: '',
  },
  {
    file: 'shared/licensing/card-from-claims.ts',
    what: 'a login older than the last one changes no card',
    from: '(card.loggedInAt !== undefined && at < card.loggedInAt)',
    to: 'card.loggedInAt === undefined',
  },
  {
    file: 'shared/administration/change-license.ts',
    what: 'the day of the write decides',
    from: 'if (dayIn(settings.timeZone, clock.now()) !== today) return undefined;',
    to: '',
  },
  {
    file: 'shared/administration/tenants.ts',
    what: 'the later of two editors is told',
    from: 'if (expectedVersion !== undefined && expectedVersion !== found.version) return staleTenant(found);',
    to: '',
  },
];
