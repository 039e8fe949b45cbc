/** A safeguard that is no clause and no row of the lifecycle: what stands there, exactly once, and what does without it. */
export type Edit = {
  readonly file: string;
  /** What is taken out, in words. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** The test that guards it, where that is none of the inner loop: file below `test/`, and a part of the title. */
  readonly test?: readonly [file: string, title: string];
};

export const EDITS: readonly Edit[] = [];
