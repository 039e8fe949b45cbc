import { Problem } from './problem.ts';

type Saving<Saved, Now> = {
  /** Saves on the version that was read. */
  readonly save: () => Promise<Saved>;
  readonly read: () => Promise<Now>;
  /** Whether a version has everything that is to be saved. */
  readonly isSaved: (now: NonNullable<Now>) => boolean;
  readonly onStale?: (now: Now) => void;
};

/**
 * Saves on a version, and returns the version that it left. A save that is refused as stale may have been made by an
 * earlier attempt whose answer was lost. Otherwise somebody else was faster, and `onStale` gets what is saved now.
 */
export async function saveOnce<Saved, Now>(saving: Saving<Saved, Now>): Promise<Saved | NonNullable<Now>> {
  const { save, read, isSaved, onStale } = saving;
  try {
    return await save();
  } catch (error) {
    if (Problem.from(error).code !== 'stale-version') throw error;
    const now = await read();
    if (now !== undefined && now !== null && isSaved(now)) return now;
    onStale?.(now);
    throw error;
  }
}
