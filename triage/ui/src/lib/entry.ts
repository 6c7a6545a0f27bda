// What the log of a lead says before and after a step: words of the server with codes in them, as this language has them.
import { named, words } from "@/i18n";
import { zh } from "@/i18n/zh";

const codeOf = new Map([...Object.entries(zh.status), ...Object.entries(zh.dispatch)].map(([code, word]) => [word, code]));

export function entryText(text: string | undefined): string {
  if (!text) return "";
  const w = words.value;
  return text
    .split(" ")
    .map((token) => {
      const code = codeOf.get(token);
      if (code) return named(w.status, code) === code ? named(w.dispatch, code) : named(w.status, code);
      const [kind, ...rest] = token.split(":");
      if (kind in w.target) return [named(w.target, kind), ...rest].join(" ");
      return named(w.reason, token);
    })
    .join(" ");
}
