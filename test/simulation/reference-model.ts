/*
 * What the service does, said as plainly as possible and one call after the other: a tenant in memory without cards'
 * revisions, vacancies, indexes, conditions or retries. It shares no code with the service.
 */

export type ModelLicense = {
  type: 'floating' | 'dedicated';
  folder: string;
  assignedTo?: string;
  currentUser?: string;
  releasing?: true;
  deleted?: true;
};

/** `stays`: the sessions that a logout has ended and no login has opened since; histories are shorter than 30 days. */
type ModelCard = { sessions: Record<string, number>; ended: Record<string, number>; stays: string[] };

/**
 * `spared`: whose idle sessions are left to a later sweep, because something else happened to them at the same time.
 */
export type ModelState = {
  spared: readonly string[];
  /** Licenses that became free while others came in: a login that began before may have missed them (I8, I9). */
  late: readonly string[];
  /** Moved while others came in: a login that found another may have read each folder when it was in the other (I9). */
  moved: readonly string[];
  licenses: Record<string, ModelLicense>;
  cards: Record<string, ModelCard>;
  now: number;
};

export type Command =
  | { readonly kind: 'login' | 'activity'; readonly user: string; readonly session: string }
  | { readonly kind: 'logout'; readonly user: string; readonly session?: string }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'release' | 'delete' | 'restore' | 'import'; readonly serial: string }
  | { readonly kind: 'assign'; readonly serial: string; readonly user: string }
  | { readonly kind: 'move'; readonly serial: string; readonly folder: string };

/** What the service answered, as far as the model has an opinion on it. */
export type Answer = { readonly outcome: string; readonly serial?: string; readonly step?: string };

export const FOLDER = 'finance';
const IDLE_AFTER = 8 * 3_600_000;
const WRITTEN_EVERY = 5 * 60_000;
const EVERY = 'every session';

const STEPS = [
  { step: 'floating-in-folder', type: 'floating', folder: FOLDER },
  { step: 'floating-in-root', type: 'floating', folder: 'root' },
  { step: 'dedicated-in-folder', type: 'dedicated', folder: FOLDER },
  { step: 'dedicated-in-root', type: 'dedicated', folder: 'root' },
] as const;

/** Does the command to the state; whether the answer is one that the rules allow. */
export function happens(state: ModelState, command: Command, answer: Answer): boolean {
  switch (command.kind) {
    case 'login':
    case 'activity':
      return logsIn(state, command, answer);
    case 'logout':
      return logsOut(state, command.user, command.session);
    case 'sweep':
      for (const user of Object.keys(state.cards)) endsIdle(state, user);
      return true;
    case 'import':
      state.licenses[command.serial] ??= { type: 'floating', folder: 'root' };
      return true;
    default:
      return (answer.outcome === 'refused') === !administers(state, command);
  }
}

function logsIn(state: ModelState, { kind, user, session }: Extract<Command, { session: string }>, answer: Answer) {
  const card = cardOf(state, user);
  const ended = Math.max(card.ended[session] ?? -1, card.ended[EVERY] ?? -1);
  const isOpen = session in card.sessions;
  const isOver = kind === 'activity' ? !isOpen && card.stays.includes(session) : false;
  if (isOver || (state.now <= ended && !(kind === 'activity' && isOpen))) {
    // The session is reported only after its end, so it is over.
    if (!isOpen) card.stays.push(session);
    return answer.outcome === 'session-ended';
  }
  const begins = (serial: string): void => {
    const old = currentOf(state, user);
    if (old !== undefined && old !== serial) letsGo(state, old);
    state.licenses[serial]!.currentUser = user;
    const seen = card.sessions[session] ?? state.now;
    const isNoted = kind === 'login' || !isOpen || state.now > seen + WRITTEN_EVERY;
    card.sessions[session] = isNoted ? state.now : seen;
    card.stays = card.stays.filter((other) => other !== session);
  };
  const goesOn = (serial: string): boolean => {
    begins(serial);
    return answer.outcome === 'continued' && answer.serial === serial;
  };

  const current = currentOf(state, user);
  if (current !== undefined && kind === 'activity' && isOpen) return goesOn(current);
  if (current !== undefined && !state.licenses[current]!.releasing) return goesOn(current);

  const [own] = Object.keys(state.licenses)
    .filter((serial) => state.licenses[serial]!.assignedTo === user)
    .toSorted();
  if (own !== undefined) {
    begins(own);
    return answer.outcome === 'assigned' && answer.serial === own;
  }
  for (const look of ['at once', 'after taking back what is idle']) {
    if (look !== 'at once') for (const other of Object.keys(state.cards)) endsIdle(state, other);
    for (const { step, type, folder } of STEPS) {
      const free = Object.entries(state.licenses).filter(
        ([, one]) => isFree(one) && one.type === type && one.folder === folder,
      );
      if (free.length === 0) continue;
      const missed = answer.step === undefined ? state.late : [...state.late, ...state.moved];
      if (answer.step !== step && free.every(([one]) => missed.includes(one))) continue;
      const { serial = '' } = answer;
      if (answer.step !== step || !free.some(([one]) => one === serial)) return false;
      if (type === 'dedicated') state.licenses[serial]!.assignedTo = user;
      begins(serial);
      return true;
    }
  }
  const kept = currentOf(state, user);
  return kept === undefined ? answer.outcome === 'no-free-license' : goesOn(kept);
}

function logsOut(state: ModelState, user: string, session: string | undefined): boolean {
  const card = cardOf(state, user);
  card.ended[session ?? EVERY] = state.now;
  const ended = Object.keys(card.sessions).filter((open) => session === undefined || open === session);
  card.stays.push(...ended);
  ends(state, user, ended);
  return true;
}

function endsIdle(state: ModelState, user: string): void {
  if (state.spared.includes(user)) return;
  const { sessions } = cardOf(state, user);
  const idle = Object.keys(sessions).filter((session) => sessions[session]! <= state.now - IDLE_AFTER);
  ends(state, user, idle);
}

function ends(state: ModelState, user: string, sessions: readonly string[]): void {
  const card = cardOf(state, user);
  for (const session of sessions) delete card.sessions[session];
  const current = currentOf(state, user);
  if (current !== undefined && Object.keys(card.sessions).length === 0) letsGo(state, current);
}

function letsGo(state: ModelState, serial: string): void {
  delete state.licenses[serial]!.currentUser;
  delete state.licenses[serial]!.releasing;
}

/** False: refused, and nothing happened. */
function administers(state: ModelState, command: Extract<Command, { serial: string }>): boolean {
  const license = state.licenses[command.serial];
  if (license === undefined) return false;
  if (command.kind === 'restore') {
    if (!license.deleted) return false;
    delete license.deleted;
    if (license.folder === 'zOld') license.folder = 'root';
    return true;
  }
  if (license.deleted) return false;
  switch (command.kind) {
    case 'release':
      delete license.assignedTo;
      if (license.currentUser !== undefined) license.releasing = true;
      return true;
    case 'assign':
      if (license.type !== 'dedicated' || license.folder === 'zOld') return false;
      if (license.currentUser !== undefined && !(license.releasing && license.currentUser === command.user))
        return false;
      license.assignedTo = command.user;
      delete license.releasing;
      return true;
    case 'move':
      license.folder = command.folder;
      return true;
    default:
      if (license.currentUser !== undefined || license.assignedTo !== undefined) return false;
      license.deleted = true;
      return true;
  }
}

export function isFree({ assignedTo, currentUser, deleted, folder }: ModelLicense): boolean {
  return assignedTo === undefined && currentUser === undefined && !deleted && folder !== 'zOld';
}

function currentOf({ licenses }: ModelState, user: string): string | undefined {
  return Object.keys(licenses).find((serial) => licenses[serial]!.currentUser === user);
}

function cardOf(state: ModelState, user: string): ModelCard {
  state.cards[user] ??= { sessions: {}, ended: {}, stays: [] };
  return state.cards[user];
}
