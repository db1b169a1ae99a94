/** Control characters, halves of surrogate pairs, line separators, and signs that turn the direction of what follows. */
const HIDDEN = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/u;

/** Whether a name would not be shown as it is, or would change how the text behind it is shown. */
export const hasHiddenCharacters = (text: string): boolean => HIDDEN.test(text);

/** Out of the folder at once, or once a URL is made of it: servers take "%2e" for a dot, and white space at the ends is lost. */
const OUT = /^[/\\\s]|\s$|[\\:?#]|%(?:2e|2f|5c|00)|(?:^|\/)\.\.(?:\/|$)/i;

/** Whether a path, 1 to 1000 characters, is relative to a folder and never leads out of it, on disks and servers alike. */
export const isPathInside = (path: string): boolean =>
  path.length > 0 && path.length <= 1000 && !OUT.test(path) && !hasHiddenCharacters(path);
