import { type Item, targetOf, type Write } from '../../shared/platform/ports/table.ts';

const OF_COMMANDS = /^(COMMAND|ACTOR|NAME)#/;

/** Items but for what every command leaves of itself. */
export function withoutCommands(items: readonly Item[]): readonly Item[] {
  return items.filter(({ pk }) => !OF_COMMANDS.test(pk));
}

/** Whether a transaction is the entry of a command, and nothing that the command does. */
export function isCommandEntry(writes: readonly Write[]): boolean {
  return writes.every((write) => OF_COMMANDS.test(targetOf(write).pk));
}

/** Whether a transaction takes or releases the lock of a call that reads a whole tenant. */
export function isReadLock(writes: readonly Write[]): boolean {
  return writes.every((write) => targetOf(write).sk === 'READ');
}
