import { describe, expect, it } from "vitest";
import { around, cut } from "@/lib/highlight";

describe("highlight", () => {
  it("ours: byte offsets into Chinese text mark the original characters", () => {
    const pieces = cut("正品耐尅鞋", [{ begin: 6, end: 12, kind: "hit" }]);
    expect(pieces.map((p) => [p.text, p.spans.length])).toEqual([
      ["正品", 0],
      ["耐尅", 1],
      ["鞋", 0],
    ]);
  });
  it("ours: overlapping spans share the piece between them", () => {
    const pieces = cut("abcdef", [
      { begin: 0, end: 4, kind: "hit" },
      { begin: 2, end: 6, kind: "sign" },
    ]);
    expect(pieces.map((p) => [p.text, p.spans.map((s) => s.kind).join("+")])).toEqual([
      ["ab", "hit"],
      ["cd", "hit+sign"],
      ["ef", "sign"],
    ]);
  });
  it("ours: spans outside the text, empty and reversed ones change nothing", () => {
    const bad = [
      { begin: 2, end: 99, kind: "hit" },
      { begin: 3, end: 3, kind: "hit" },
      { begin: 4, end: 1, kind: "hit" },
      { begin: -1, end: 2, kind: "hit" },
    ];
    expect(cut("abcdef", bad).map((p) => p.text)).toEqual(["abcdef"]);
  });
  it("ours: emoji before a hit count four bytes and two units", () => {
    const pieces = cut("🥕潍县萝卜", [{ begin: 4, end: 16, kind: "hit" }]);
    expect(pieces[1].text).toBe("潍县萝卜");
  });
  it("ours: a long text shows the surroundings of the hit, and the span still covers it", () => {
    const text = "甲".repeat(300) + "耐尅" + "乙".repeat(300);
    const shown = around(text, [{ begin: 900, end: 906, kind: "hit" }], 60);
    expect(shown.text.length).toBeLessThanOrEqual(62);
    expect(cut(shown.text, shown.spans).find((p) => p.spans.length)?.text).toBe("耐尅");
  });
});
