import { afterEach, expect, it, vi } from "vitest";
import { ApiError } from "../src/api/client";
import { language } from "../src/i18n";
import { sentence } from "../src/lib/problem";

vi.hoisted(() => vi.stubGlobal("localStorage", { getItem: () => null }));
vi.mock("element-plus", () => ({ ElMessage: {} }));
afterEach(() => void (language.value = "zh"));

it("ours: what the server says in English has its kind in Chinese before it", () => {
  expect(sentence(new ApiError(400, "invalid", "no parameter x"))).toBe("填写的内容有误（no parameter x）");
});
it("ours: a sentence in Chinese stands as it is, and English does for who reads English", () => {
  expect(sentence(new ApiError(400, "invalid", "编号已经有了"))).toBe("编号已经有了");
  language.value = "en";
  expect(sentence(new ApiError(400, "invalid", "no parameter x"))).toBe("no parameter x");
});
it("ours: a code that nobody translated still says something", () => {
  expect(sentence(new ApiError(418, "teapot", "short and stout"))).toContain("short and stout");
});
