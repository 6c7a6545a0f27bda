import { afterEach, expect, test, vi } from "vitest";
import { get, post } from "@/api/client";

const answer = (status: number, body: object, after?: string) =>
  new Response(JSON.stringify(body), { status, headers: after ? { "Retry-After": after } : {} });

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a request that the server was too busy for is made again: an office shares one address", async () => {
  vi.useFakeTimers();
  const answers = [answer(429, {}, "1"), answer(503, {}, "1"), answer(200, { items: [1] })];
  vi.stubGlobal("fetch", async () => answers.shift());
  const got = get<{ items: number[] }>("/leads");
  await vi.advanceTimersByTimeAsync(5000);
  expect((await got).items).toEqual([1]);
});

test("but not for ever, and a login that must wait says so at once", async () => {
  vi.useFakeTimers();
  let asked = 0;
  vi.stubGlobal("fetch", async () => (asked++, answer(429, { error: { code: "wait", message: "" } }, "1")));
  const got = get("/leads").catch((error) => error.status);
  await vi.advanceTimersByTimeAsync(20000);
  expect(await got).toBe(429);
  expect(asked).toBe(5);
  expect(await post("/login").catch((error) => error.status)).toBe(429);
  expect(asked).toBe(6);
});
