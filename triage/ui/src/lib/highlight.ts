// Offsets of hits are bytes of UTF-8 in the original field; a JavaScript string counts UTF-16 units.

export interface Span {
  begin: number; // bytes, [begin, end)
  end: number;
  kind: string; // of what was found: "hit", or the kind of a sign
  title?: string; // shown when pointed at
}

export interface Piece {
  text: string;
  spans: Span[]; // those that cover the piece; empty: plain text
}

/** Cuts `text` at the borders of `spans`. Spans may overlap; what lies outside the text is ignored. */
export function cut(text: string, spans: readonly Span[]): Piece[] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const borders = new Set<number>([0, bytes.length]);
  for (const span of spans) {
    if (span.begin < span.end && span.end <= bytes.length && span.begin >= 0) {
      borders.add(span.begin);
      borders.add(span.end);
    }
  }
  const sorted = [...borders].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [from, to] = [sorted[i], sorted[i + 1]];
    pieces.push({
      text: decoder.decode(bytes.subarray(from, to)),
      spans: spans.filter((s) => s.begin <= from && to <= s.end && s.begin < s.end),
    });
  }
  return pieces;
}

/** The window of at most `max` characters around the first span, so that a long text shows what matters. */
export function around(text: string, spans: readonly Span[], max: number): { text: string; spans: Span[] } {
  if (text.length <= max || spans.length === 0) {
    return { text: text.length > max ? text.slice(0, max) + "…" : text, spans: [...spans] };
  }
  const encoder = new TextEncoder();
  const bytes = encoder.encode(text);
  const first = Math.min(...spans.map((s) => s.begin));
  const before = new TextDecoder().decode(bytes.subarray(0, first));
  const start = Math.max(0, Math.min(before.length - Math.floor(max / 3), text.length - max));
  // Never between the halves of a surrogate pair.
  const safe = start > 0 && text.charCodeAt(start) >= 0xdc00 && text.charCodeAt(start) <= 0xdfff ? start - 1 : start;
  const slice = text.slice(safe, safe + max);
  const lead = safe > 0 ? "…" : "";
  const shift = encoder.encode(text.slice(0, safe)).length - encoder.encode(lead).length;
  const shown = lead + slice + (safe + max < text.length ? "…" : "");
  const size = encoder.encode(shown).length;
  const moved = spans
    .map((s) => ({ ...s, begin: s.begin - shift, end: s.end - shift }))
    .filter((s) => s.begin >= 0 && s.end <= size);
  return { text: shown, spans: moved };
}
