import { describe, expect, it } from 'vitest';
import { showInvisible } from '../../shared/licensing/show-invisible.ts';

describe('a text with its invisible characters', () => {
  it.each([
    ['a no-break blank', 'All\u00a0modules', 'All[U+00A0]modules'],
    ['a narrow no-break blank', '1\u202f000', '1[U+202F]000'],
    ['an ideographic blank', 'a\u3000b', 'a[U+3000]b'],
    ['a blank of Braille', 'a\u2800b', 'a[U+2800]b'],
    ['a filler of Hangul', 'a\u3164b', 'a[U+3164]b'],
    ['blanks of no width', '\u200ba\u2060b\ufeff', '[U+200B]a[U+2060]b[U+FEFF]'],
    ['a soft hyphen', 'a\u00adb', 'a[U+00AD]b'],
    ['a hyphen that does not break', '2026\u201101\u201115', '2026[U+2011]01[U+2011]15'],
    ['a dash and a minus', 'a\u2013b\u2212c', 'a[U+2013]b[U+2212]c'],
    ['a mark that joins the letter before it', 'Ka\u0308ytto\u0308', 'Ka[U+0308]ytto[U+0308]'],
    ['a variation selector', 'a\ufe0f', 'a[U+FE0F]'],
    ['a mark of direction', 'a\u202eb', 'a[U+202E]b'],
    ['tab and line break', 'a\tb\nc', 'a[U+0009]b[U+000A]c'],
    ['a control character that Windows-1252 has in place of a dash', 'a\u0096b', 'a[U+0096]b'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a[U+2028]b[U+2029]c'],
    ['a lost letter', 'K\ufffdytt\ufffd', 'K[U+FFFD]ytt[U+FFFD]'],
    ['half of a character', 'a\ud800', 'a[U+D800]'],
    ['a character of one’s own', 'a\ue000', 'a[U+E000]'],
    ['a tag beyond the first plane', 'x\u{E0041}', 'x[U+E0041]'],
    ['a letter of Cyrillic in a Latin word', 'Fl\u043eating', 'Fl[U+043E]ating'],
    ['a letter of Greek in a Latin word', '\u0391ll modules', '[U+0391]ll modules'],
  ])('shows %s', (_what, text, shown) => {
    expect(showInvisible(text)).toBe(shown);
  });

  it.each(['All modules - "x" [1]', 'Käyttöoikeudet', 'Модуль ИТ', 'Μονάδα', '日本', 'हिन्दी', 'ภาษาไทย', '\u{1F600}'])(
    'shows %s as it is',
    (text) => {
      expect(showInvisible(text)).toBe(text);
    },
  );
});
