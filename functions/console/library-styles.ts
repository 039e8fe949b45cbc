/**
 * The hashes of the two constant `<style>` elements that react-aria adds to a page. A test computes them again from the
 * installed library.
 */
export const LIBRARY_STYLE_HASHES: readonly string[] = [
  // Of `usePress`.
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  // Of `usePreventScroll`.
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
];
