// Whether a source gives less than it did: its listings a day of the last week against those of the four weeks before.

export interface SourceDay {
  day: string;
  value: string; // the source
  count: number; // listings on pages that were read
}

const dayAt = (day: string) => Math.round(Date.parse(day + "T00:00:00Z") / 86400_000);

/** Listings a day before and now; nothing when it has not fallen below half, or is not known long enough to say. */
export function fallen(days: readonly SourceDay[], source: string, today: string): { before: number; now: number } | null {
  const end = dayAt(today);
  let now = 0;
  let before = 0;
  let first = end;
  for (const each of days) {
    if (each.value !== source) continue;
    const age = end - dayAt(each.day);
    if (age < 0 || age >= 35) continue;
    if (age < 7) now += each.count;
    else before += each.count;
    first = Math.min(first, end - age);
  }
  const known = end - 7 - first + 1; // days of the earlier weeks that are known
  if (known < 7 || before === 0) return null;
  const rates = { before: Math.round(before / known), now: Math.round(now / 7) };
  return now / 7 < before / known / 2 ? rates : null;
}
