// The second signs of a lead as people read them: a wording that stands in title and text is one.
import type { Lead, Sign } from "@/api/types";

export function signsOf(lead: Lead): Sign[] {
  const seen = new Set<string>();
  return lead.signs.filter((s) => {
    const key = `${s.label}\n${s.text}`;
    return !seen.has(key) && seen.add(key);
  });
}
