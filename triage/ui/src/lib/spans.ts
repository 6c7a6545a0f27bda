// What was found in one field of a lead, as spans to highlight.
import { named, words } from "@/i18n";
import type { Lead } from "@/api/types";
import type { Span } from "./highlight";

export function spansOf(lead: Lead, field: string): Span[] {
  const hits = lead.hits
    .filter((h) => h.field === field)
    .map((h) => ({
      begin: h.begin,
      end: h.end,
      kind: "hit",
      title: [lead.mark_name ?? h.mark ?? "", ...h.folds.map((f) => named(words.value.fold, f))].filter(Boolean).join(" · "),
    }));
  const signs = lead.signs
    .filter((s) => s.field === field && s.begin !== undefined && s.end !== undefined)
    .map((s) => ({ begin: s.begin as number, end: s.end as number, kind: "sign", title: s.label }));
  return [...hits, ...signs];
}
