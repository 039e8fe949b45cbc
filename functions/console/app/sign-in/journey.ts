/** What survives the way to the provider and back: no token, and gone when it was used. */
export type Journey = { readonly verifier: string; readonly state: string; readonly page: string };

/** Reads what was kept. Anything else that stands in its place is no journey. */
export function readJourney(text: string | null): Journey | undefined {
  const { verifier, state, page } = membersOf(text);
  const isWhole = typeof verifier === 'string' && typeof state === 'string' && typeof page === 'string';
  return isWhole ? { verifier, state, page } : undefined;
}

function membersOf(text: string | null): Partial<Record<keyof Journey, unknown>> {
  try {
    return JSON.parse(text ?? '{}') ?? {};
  } catch {
    return {};
  }
}
