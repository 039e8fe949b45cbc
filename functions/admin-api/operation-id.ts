/** Converts the id of a route to camel case: `get-license` becomes `getLicense`. */
export function operationId(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
