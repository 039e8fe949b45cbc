/** A refusal of the API, or what stands for one when the service did not answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  /** The members that a problem has beside its code, such as `currentUser`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, members: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.members = members;
  }

  /** Reads the body of an answer that is not a success. API Gateway's own answers have no code. */
  static of(status: number, body: unknown): Problem {
    const members = typeof body === 'object' && body !== null ? { ...body } : {};
    const code = 'code' in members && typeof members.code === 'string' ? members.code : gatewayCode(status);
    return new Problem(code, status, members);
  }

  /** Reads anything that was thrown. A request that got no answer is a `TypeError` of `fetch`. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem('no-answer', 0);
  }

  /** Reads what was thrown by a change. Without an answer of the service, its outcome is not known. */
  static ofChange(error: unknown): Problem {
    const problem = Problem.from(error);
    const { status } = problem;
    return status === 0 || status >= 500 ? new Problem('outcome-unknown', status) : problem;
  }

  /** Whether the service gave no final answer: what was asked may have been done, and may be asked again. */
  get isOpen(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'in-progress';
  }
}

function gatewayCode(status: number): string {
  if (status === 401) return 'unauthorized';
  if (status === 429) return 'too-many-calls';
  return 'service-failed';
}
