/** Returns the cursor in a link to the next page, `<…?cursor=…>; rel="next"`. */
export function nextCursor(link: string | null): string | undefined {
  const [, query] = /<[^?>]*\?([^>]*)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return new URLSearchParams(query ?? '').get('cursor') ?? undefined;
}
