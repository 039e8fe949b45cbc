/** The workflow's executions, by name; how they run is Step Functions' business. */
export type Executions = {
  /** Starts one. The same name with the same input while it runs is no error; `over`: one of that name has ended. */
  readonly start: (name: string, input: Readonly<Record<string, string>>) => Promise<'started' | 'over'>;
  readonly isRunning: (name: string) => Promise<boolean>;
  /** Ends one where it is; no error when it has ended, or never was. */
  readonly stop: (name: string, why: string) => Promise<void>;
};
