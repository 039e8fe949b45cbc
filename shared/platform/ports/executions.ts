/** The executions of the workflow, by name. Step Functions runs them. */
export type Executions = {
  /**
   * Starts an execution. Idempotent while it runs with the same input. Returns `over` when an execution of that name
   * has ended.
   */
  readonly start: (name: string, input: Readonly<Record<string, string>>) => Promise<'started' | 'over'>;
  readonly isRunning: (name: string) => Promise<boolean>;
  /** Stops an execution. Idempotent: does nothing when it has ended or never existed. */
  readonly stop: (name: string, why: string) => Promise<void>;
};
