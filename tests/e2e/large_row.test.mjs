// A shop with more suspicious listings of one mark than one request may name: what an officer does to its row is done to all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import readSheet from "read-excel-file/node";
import { deskWith, saved, shopOf, until } from "./harness.mjs";

const many = 1120;
const offers = Array.from({ length: many }, (_, i) => ({
  id: String(70000 + i),
  title: `耐克 高仿 运动鞋 断码 ${i}`,
  seller: "寿光市示例鞋行",
}));
// Counts are exact to 1,000; a page is committed whole.
const crawled = (admin) => until(async () => (await admin.good("GET", "/leads/count")).more, "the crawl");

let deployment, admin, page, close;
before(async () => {
  ({ deployment, admin, page, close } = await deskWith({ sources: { street: shopOf(offers) } }, crawled, { acceptDownloads: true }));
  await page.locator(".row.selected").waitFor();
  assert.equal((await admin.good("GET", "/rows?limit=2")).items.length, 1);
});
after(() => close?.());

async function all(list) {
  const items = [];
  for (let next = ""; next !== undefined; ) {
    const part = await admin.good("GET", `${list}limit=500&after=${next}`);
    items.push(...part.items);
    next = part.next;
  }
  return items;
}
const leadsWith = async (filter) => (await all(`/leads?${filter}&`)).length;

test("ours: a tag for a row of 1,120 leads is on every one", async () => {
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "标签" });
  await until(() => dialog.locator(".add input").evaluate((input) => input === document.activeElement), "the focus");
  await page.keyboard.type("展会");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "保存" }).click();
  await page.locator(".row [data-fact=tag]", { hasText: "展会" }).waitFor({ timeout: 60000 });
  assert.equal(await leadsWith("tag=" + encodeURIComponent("展会")), many);
});

test("ours: a letter for a row of 1,120 leads names every one", async () => {
  const letter = await saved(page, () => page.keyboard.press("l"));
  assert.match(letter.name, /^transfer-.*\.docx$/);
  const draft = (await all("/audit?")).find((entry) => entry.action === "letter.draft");
  assert.equal(draft.reason.split(" ").length, many);
});

test("ours: one decision on a row of 1,120 leads covers every one", async () => {
  await page.keyboard.press("x");
  const answer = page.waitForResponse((r) => r.url().endsWith("/rows/decide"));
  await page.keyboard.press("1");
  assert.equal((await answer).status(), 200);
  assert.equal(await leadsWith("status=ruled_out"), many);
  assert.equal(await leadsWith("status=new"), 0);
});

test("ours: the ledger of 1,120 leads is exported whole", async () => {
  await page.goto(`${deployment.origin}/#/ledger`);
  const file = await saved(page, () => page.getByRole("button", { name: "导出（内部）" }).click());
  const sheets = await readSheet(file.bytes);
  const rows = Array.isArray(sheets[0]?.data) ? sheets[0].data : sheets;
  assert.equal(rows.filter((row) => row.some((cell) => String(cell).startsWith("耐克 高仿 运动鞋 断码"))).length, many);
  assert.deepEqual(page.wrongs, []);
});
