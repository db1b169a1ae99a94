/** Characters of a text that a message shows. */
const LONGEST = 120;

/** Control characters, direction marks and others that a reader would not see, and halves of surrogate pairs. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

const escaped = (c: string): string => {
  const code = c.codePointAt(0)!;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
};

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Text shortened for a message; what cannot be seen stands as its code. */
export const shorten = (text: string): string => cut(text).replace(HIDDEN, escaped);

/** Text shortened and quoted for a message. */
export const quote = (text: string): string => JSON.stringify(cut(text)).replace(HIDDEN, escaped);
