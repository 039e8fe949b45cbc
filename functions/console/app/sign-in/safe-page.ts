/** Returns the page to show after a sign-in, if it is one of the console's own. */
export function safePage(page: string): string | undefined {
  return /^\/console\/(?!\/)[^\\]*$/.test(page) ? page : undefined;
}
