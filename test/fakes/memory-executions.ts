import type { Executions } from '../../shared/platform/ports/executions.ts';

export type MemoryExecutions = Executions & {
  /** Ends one, as when its last state is over, it fails or somebody ends it. */
  readonly end: (name: string) => void;
  readonly running: () => readonly string[];
  /** All that were started, in order, with their input. */
  readonly started: readonly { readonly name: string; readonly input: Readonly<Record<string, string>> }[];
};

/** Executions in memory, as Step Functions answers of them; who runs their steps is the test. */
export function memoryExecutions(): MemoryExecutions {
  const known = new Map<string, { readonly input: string; isRunning: boolean }>();
  const started: { readonly name: string; readonly input: Readonly<Record<string, string>> }[] = [];
  const end = (name: string): void => {
    const execution = known.get(name);
    if (execution !== undefined) execution.isRunning = false;
  };
  return {
    start: async (name, input) => {
      const execution = known.get(name);
      if (execution !== undefined) {
        return execution.isRunning && execution.input === JSON.stringify(input) ? 'started' : 'over';
      }
      known.set(name, { input: JSON.stringify(input), isRunning: true });
      started.push({ name, input });
      return 'started';
    },
    isRunning: async (name) => known.get(name)?.isRunning === true,
    stop: async (name) => end(name),
    end,
    running: () => [...known].flatMap(([name, { isRunning }]) => (isRunning ? [name] : [])),
    started,
  };
}
