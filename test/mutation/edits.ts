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
    file: 'shared/licensing/license/lifecycle.ts',
    what: 'a release in use leads to releasing',
    from: 'unassigned : { ...unassigned, releasing: true }',
    to: "unassigned : drop(unassigned, 'currentUser', 'since')",
  },
  {
    file: 'shared/licensing/login/judge-login.ts',
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
    file: 'shared/sign-in/sessions/log-in.ts',
    what: 'a card that tells of a login is not written again',
    from: "if (isCovered(card, login, settings) && sameValue(decision.before, card)) return 'nothing to write';",
    to: '',
  },
  {
    file: 'shared/licensing/login/choose-vacancy.ts',
    what: 'the steps are tried in their order',
    from: 'for (const step of steps) {',
    to: 'for (const step of steps.toReversed()) {',
  },
  {
    file: 'shared/platform/retry.ts',
    what: 'the deadline of a call',
    from: 'plus(clock.now(), patience)',
    to: 'plus(clock.now(), 10 * patience)',
  },
  {
    file: 'shared/licensing/login/judge-login.ts',
    what: 'an expired assigned license blocks',
    from: 'allocate: blockedBy === undefined ? steps : []',
    to: 'allocate: steps',
  },
  {
    file: 'shared/licensing/license/license.ts',
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
    file: 'shared/licensing/license/import-plan.ts',
    what: 'the file issued later decides',
    from: 'if (by.issued < issued) return',
    to: 'if (by.issued === undefined) return',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'a login goes by its own time',
    from: 'end !== undefined && at <= end',
    to: 'end !== undefined && now <= end',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'a session that has ended stays ended',
    from: "return kind === 'activity' && stays !== undefined &&",
    to: 'return false &&',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'for 30 days',
    from: 'now < plus(stays, STAYS_ENDED)',
    to: 'stays !== undefined',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'a logout of a session nobody knows ends the user as a whole',
    from: 'sessions: endedByUnknown(open, at)',
    to: 'sessions: []',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'a logout that comes after the idle time says nothing of the user as a whole',
    from: 'staysEnded && !isTooOld ?',
    to: 'staysEnded ?',
  },
  {
    file: 'shared/licensing/login/session-end.ts',
    what: 'a logout of the user as a whole also ends what had ended by idleness',
    from: 'beganBefore ? every : undefined]',
    to: 'undefined]',
  },
  {
    file: 'shared/sign-in/sessions/log-in.ts',
    what: 'a session whose logout came before its login stays ended',
    from: 'return endKnownSession(named, end, await readSessionEnd(deps.table, named));',
    to: 'return [];',
  },
  {
    file: 'shared/licensing/login/judge-login.ts',
    what: 'activity of an open session is never refused',
    from: "if (request.kind === 'activity' && isOpen) return { keep: 'current license' };",
    to: '',
  },
  {
    file: 'shared/sign-in/sessions/end-sessions.ts',
    what: 'an idle end is no end that stays',
    from: "if (by === 'logout') return",
    to: "if (by !== 'another user') return",
  },
  {
    file: 'shared/sign-in/sessions/end-sessions.ts',
    what: 'a mark of an earlier end is forgotten with an idle end',
    from: 'return forgottenEnd(named, open, await readSessionEnd(table, named));',
    to: 'return [];',
  },
  {
    file: 'shared/sign-in/sessions/log-in.ts',
    what: 'an id that comes with another user ends the session of the former',
    from: 'owner.user !== login.user && !isLate(decision)',
    to: 'false',
  },
  {
    file: 'shared/sign-in/sessions/pass-session.ts',
    what: 'an id is the one’s who had it last',
    from: 'if (open.started > at) return',
    to: 'if (open.started === undefined) return',
  },
  {
    file: 'shared/sign-in/hooks/handled-event.ts',
    what: 'what the table has not deleted is over by its time',
    from: 'return now < expiresAt ? handled : undefined;',
    to: 'return handled;',
  },
  {
    file: 'shared/sign-in/providers/read-hook.ts',
    what: 'a delivery that proves nothing is refused',
    from: 'if (!delivers(provider, request.delivery)) {',
    to: "if (request.path === 'never') {",
  },
  {
    file: 'functions/session-hooks/answer-hook.ts',
    what: 'no hook is looked for where nothing proves the call',
    from: 'if (!delivers(provider, call.request.delivery)) return undefined;',
    to: '',
  },
  {
    file: 'shared/sign-in/providers/cognito.ts',
    what: 'an event of the bus is proven by its source and type',
    from: "if (busSenderOf(record) !== 'cognito') return { foreign: NOT_OF_THE_BUS };",
    to: '',
  },
  {
    file: 'shared/sign-in/providers/sign-ins-that-count.ts',
    what: 'ends count whatever application they name',
    from: "if (kind === 'logout' || clientIds.length === 0) return undefined;",
    to: 'if (clientIds.length === 0) return undefined;',
  },
  {
    file: 'functions/session-hooks/apply-event.ts',
    what: 'one id is one event',
    from: 'if (found.fingerprint !== fingerprint) return { told: { conflict: true } };',
    to: '',
  },
  {
    file: 'functions/session-hooks/apply-event.ts',
    what: 'an answer is told again only while its license is the user’s',
    from: 'license === undefined || license.serialNumber ===',
    to: 'true || license?.serialNumber ===',
  },
  {
    file: 'functions/session-hooks/apply-event.ts',
    what: 'who has left loses all licenses before the event counts as handled',
    from: 'await endSession(deps, tenant.settings, logout);',
    to: 'await endSession(deps, tenant.settings, logout, logoutOnce(deps, given));',
  },
  {
    file: 'shared/sign-in/sessions/release-leaver.ts',
    what: 'of a user who is back the rest stays',
    from: "if (card?.leaver?.note !== 'left') return 'none left';",
    to: "if (card === undefined) return 'none left';",
  },
  {
    file: 'shared/licensing/login/leaver.ts',
    what: 'who has logged in since has not left',
    from: 'if (loggedInAt !== undefined && loggedInAt > told.at) return card;',
    to: '',
  },
  {
    file: 'shared/licensing/login/card-from-claims.ts',
    what: 'a claim lifts no level that an administrator has set',
    from: 'if (isAdministrators) return moved;',
    to: '',
  },
  {
    file: 'shared/licensing/login/card-from-claims.ts',
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
  {
    file: 'shared/administration/tenants.ts',
    what: 'what is the operator’s is refused to others',
    from: "if (role !== 'operator' && reserved.length > 0) return operatorsAlone(reserved);",
    to: '',
  },
  {
    file: 'shared/administration/tenants.ts',
    what: 'a scope that another tenant holds is not granted',
    from: 'hookScopeOf(item).tenant !== tenant',
    to: 'hookScopeOf(item).tenant === tenant',
  },
  {
    file: 'shared/administration/hooks.ts',
    what: 'a hook takes only what was granted',
    from: '(granted.includes(scope) && !foreign.includes(scope))',
    to: '!foreign.includes(scope)',
  },
  {
    file: 'shared/sign-in/hooks/hook.ts',
    what: 'Auth0 by HTTP needs no scope',
    from: "(provider === 'auth0' && !isCalled)",
    to: "provider === 'auth0'",
  },
  {
    file: 'shared/licensing/limits.ts',
    what: 'what is larger already may stay',
    from: 'now.length > most && now.length > old.length',
    to: 'now.length > most',
  },
  {
    file: 'shared/platform/cache.ts',
    what: 'that there is nothing is kept',
    from: 'known.get(name) ?? absent.get(name)',
    to: 'known.get(name)',
  },
];
