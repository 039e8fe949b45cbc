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
}

function gatewayCode(status: number): string {
  if (status === 401) return 'unauthorized';
  if (status === 429) return 'too-many-calls';
  return 'service-failed';
}
