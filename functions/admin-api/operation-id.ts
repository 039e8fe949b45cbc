/** `get-license` → `getLicense`. */
export function operationId(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
