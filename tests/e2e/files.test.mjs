// What leaves the page as a file: read by other libraries and compared with what the API says; the print view as PDF.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import mammoth from "mammoth";
import readSheet from "read-excel-file/node";
import { deskWith, leadsAre, saved, shopOf } from "./harness.mjs";

const formulas = ["=1+1", "+SUM(1)", "-2+3", "@cmd", "\t=1+1"];
const offers = [
  ...formulas.map((f, i) => ({ id: `9000${i}`, title: `耐克 高仿 运动鞋 断码 ${i}`, seller: `${f}|经营部${i}` })),
  ...Array.from({ length: 20 }, (_, i) => ({ id: `910${10 + i}`, title: `阿迪达斯 A货 外套 1:1 ${i}`, seller: `寿光市第${i}经营部` })),
];
let deployment, admin, page, close, all;
before(async () => {
  ({ deployment, admin, page, close } = await deskWith({ sources: { street: shopOf(offers) } }, leadsAre(offers.length), { acceptDownloads: true }));
  all = (await admin.good("GET", "/leads?limit=100")).items;
});
after(() => close?.());
const cells = async (bytes) => {
  const sheets = await readSheet(bytes);
  return (Array.isArray(sheets[0]?.data) ? sheets[0].data : sheets).map((row) => row.map((cell) => (cell === null ? "" : String(cell))));
};

test("ours: the exported XLSX holds every lead, and no formula", async () => {
  await page.goto(`${deployment.origin}/#/ledger`);
  const file = await saved(page, () => page.getByRole("button", { name: "导出（内部）" }).click());
  assert.match(file.name, /\.xlsx$/);
  const rows = await cells(file.bytes);
  const text = rows.map((r) => r.join("\u0001")).join("\n");
  for (const lead of all) assert.ok(text.includes(lead.title), lead.title);
  assert.ok(!rows.flat().some((cell) => /^[=+@]/.test(cell) || /^-\d+\+/.test(cell)), "cells that begin as formulas are neutralised");
  const audit = await admin.good("GET", "/audit?limit=1000");
  assert.ok(audit.items.some((e) => /export|handover/.test(e.action)), "the export is in the log");
});

test("ours: the masked export names no seller", async () => {
  await page.goto(`${deployment.origin}/#/ledger`);
  const file = await saved(page, () => page.getByRole("button", { name: "导出（对外脱敏）" }).click());
  const text = (await cells(file.bytes)).flat().join("\n");
  assert.ok(!text.includes("寿光市第1经营部"));
});

test("ours: a report as XLSX, CSV and DOCX says the same as on the page", async () => {
  await page.goto(`${deployment.origin}/#/reports`);
  await page.locator(".wide table").waitFor();
  const data = await admin.good("GET", "/reports/daily");
  assert.equal(data.rows.length, offers.length);
  assert.equal(data.rows[0].category, "trademark", "JSON keeps the code");
  for (const format of ["XLSX", "CSV", "DOCX"]) {
    const file = await saved(page, () => page.getByRole("button", { name: `导出 ${format}` }).click());
    let text;
    if (format === "XLSX") text = (await cells(file.bytes)).flat().join("\n");
    else if (format === "DOCX") text = (await mammoth.extractRawText({ buffer: file.bytes })).value;
    else {
      assert.deepEqual([...file.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], "CSV begins with a BOM");
      text = file.bytes.toString();
    }
    for (const row of data.rows) assert.ok(text.includes(String(row.title)), `${format}: ${row.title}`);
    for (const column of data.header.columns) assert.ok(text.includes(column.title), `${format}: ${column.title}`);
    assert.ok(text.includes("商标") && !/\btrademark\b/.test(text), `${format}: categories have their Chinese names`);
  }
});

test("ours: the transfer letter is the office's template, filled", async () => {
  const lead = all.find((l) => l.seller.includes("第3经营部"));
  await page.goto(`${deployment.origin}/#/leads/${lead.lead}`);
  await page.locator("h1").waitFor();
  await page.getByRole("button", { name: "文书" }).click();
  const file = await saved(page, () => page.getByRole("menuitem", { name: "移送函" }).click());
  const text = (await mammoth.extractRawText({ buffer: file.bytes })).value;
  assert.ok(text.includes(lead.seller));
  assert.ok(text.includes("示例市市场监督管理局"));
  assert.doesNotMatch(text, /\{\{|\}\}/, "no placeholder is left");
});

test("ours: the print view holds the lead and not the page around it", async () => {
  const lead = all[0];
  await page.goto(`${deployment.origin}/#/leads/${lead.lead}`);
  await page.locator("h1").waitFor();
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("nav").isHidden());
  assert.ok(await page.getByRole("button", { name: "打印" }).isHidden());
  assert.ok(await page.getByText("拟适用条款（供核查）").isVisible());
  const pdf = await page.pdf({ format: "A4" });
  await page.emulateMedia({ media: null });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
  if (process.env.CLUEHOUND_SHOTS) fs.writeFileSync(path.join(process.env.CLUEHOUND_SHOTS, "lead.pdf"), pdf);
});
