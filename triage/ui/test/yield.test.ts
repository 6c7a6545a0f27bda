import { describe, expect, it } from "vitest";
import { fallen } from "../src/lib/yield";

const days = (from: number, to: number, count: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ day: `2026-10-${String(from + i).padStart(2, "0")}`, value: "shop", count }));

describe("yield of a source", () => {
  it("ours: less than half of before is told, with both rates", () => {
    expect(fallen([...days(1, 24, 100), ...days(25, 31, 40)], "shop", "2026-10-31")).toEqual({ before: 100, now: 40 });
  });
  it("ours: half of before is no fall", () => {
    expect(fallen([...days(1, 24, 100), ...days(25, 31, 50)], "shop", "2026-10-31")).toBeNull();
  });
  it("ours: nothing any more is a fall", () => {
    expect(fallen(days(1, 24, 100), "shop", "2026-10-31")).toEqual({ before: 100, now: 0 });
  });
  it("ours: of a source that is new nothing is said", () => {
    expect(fallen([...days(20, 24, 100), ...days(25, 31, 1)], "shop", "2026-10-31")).toBeNull();
  });
  it("ours: other sources do not count", () => {
    expect(fallen(days(1, 24, 100), "other", "2026-10-31")).toBeNull();
  });
});
