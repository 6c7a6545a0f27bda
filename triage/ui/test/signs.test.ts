import { expect, it } from "vitest";
import type { Lead } from "../src/api/types";
import { signsOf } from "../src/lib/signs";

const sign = (label: string, text: string, field: string) => ({ kind: "wording", label, text, field, score: 40 });

it("ours: a wording that stands in title and text is named once, in the order of the lead", () => {
  const lead = { signs: [sign("仿冒措辞", "高仿", "title"), sign("价格过低", "", ""), sign("仿冒措辞", "高仿", "text"), sign("仿冒措辞", "复刻", "text")] };
  expect(signsOf(lead as Lead).map((s) => s.label + s.text)).toEqual(["仿冒措辞高仿", "价格过低", "仿冒措辞复刻"]);
});
