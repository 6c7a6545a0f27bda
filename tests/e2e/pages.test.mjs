// Every page: nothing goes wrong in the browser, nothing is asked of elsewhere, axe finds nothing serious, keys reach it.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Deployment, browser, enter, open, shoot, shopOf, until } from "./harness.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const offers = Array.from({ length: 30 }, (_, i) => ({ id: `600${10 + i}`, title: `耐克 高仿 运动鞋 断码 ${i}`, seller: `${["寿光市", "北京", ""][i % 3]}第${i}经营部` }));
const paths = ["today", "elsewhere", "ledger", "add", "sellers", "clusters", "silences", "marks", "rules", "campaigns", "sources", "papers", "figures", "reports", "users", "channels", "profile"];
let deployment, chrome, admin, page;
before(async () => {
  deployment = await Deployment.start({ market: true, sources: { street: shopOf(offers) } });
  chrome = await browser();
  admin = await deployment.admin();
  await crawled();
  await deployment.account(admin, "li", "officer", "寿光市");
  const lead = (await admin.good("GET", "/leads?category=trademark&limit=1")).items[0];
  await admin.good("POST", "/silences", { seller: "示例店", mark: lead.mark, reason: "authorised", proof: "授权书", until: "2030-01-01" });
  await admin.good("POST", "/channels", { kind: "webhook", name: "值班", target: "https://hook.example/abc-secret", secret: "s3cret", digest_at: "08:10", alerts: ["alert"] });
  paths.push(`leads/${lead.lead}`);
  page = await open(chrome, deployment);
  await enter(page, deployment, "admin");
  await page.locator("nav").waitFor();
});
after(async () => {
  await chrome?.close();
  await deployment?.stop();
});
// Every site has brought a lead, and no more come.
async function crawled() {
  const count = async (source) => (await admin.good("GET", `/leads/count${source ? `?source=${source}` : ""}`)).leads;
  let last = -1;
  await until(async () => {
    const all = await Promise.all(["street", "mall", "farm", "live", "agency"].map(count));
    const before = last;
    last = await count();
    await new Promise((resolve) => setTimeout(resolve, 600));
    return all.every((n) => n > 0) && last === before;
  }, "the crawl");
}
async function serious() {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`);
}
for (const path of paths.concat("lead")) {
  test(`ours: ${path} is sound and accessible`, async () => {
    const address = path === "lead" ? paths.at(-1) : path;
    page.wrongs.length = 0;
    await page.goto(`${deployment.origin}/#/${address}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(400);
    if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/${path}.png` });
    assert.equal(await page.locator(".el-message--error").count(), 0, "no complaint");
    assert.deepEqual(page.wrongs, []);
    assert.deepEqual(await serious(), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 1366, `nothing sticks out: ${wide}`);
  });
}
test("ours: dialogs are accessible too", async () => {
  const dialogs = [
    ["today", async () => page.keyboard.press("?")],
    ["today", async () => page.keyboard.press("x")],
    ["users", async () => page.getByRole("button", { name: "新建账户" }).click()],
    ["sources", async () => page.getByRole("button", { name: "按网址新增" }).click()],
    ["channels", async () => page.getByRole("button", { name: "通知渠道" }).click()],
    ["papers", async () => page.getByRole("button", { name: "新建" }).click()],
  ];
  for (const [path, act] of dialogs) {
    await page.goto(`${deployment.origin}/#/profile`);
    await page.goto(`${deployment.origin}/#/${path}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(300);
    await act();
    await page.getByRole("dialog").first().waitFor();
    await page.waitForTimeout(400);
    if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/dialog-${path}.png` });
    assert.deepEqual(await serious(), [], path);
  }
});
test("ours: the login is accessible", async () => {
  const stranger = await open(chrome, deployment);
  await stranger.goto(deployment.origin + "/");
  await stranger.locator("input[type=password]").waitFor();
  const kept = page;
  page = stranger;
  assert.deepEqual(await serious(), []);
  page = kept;
  await stranger.context().close();
});
test("ours: everything is reached by Tab, and what has the focus shows it", async () => {
  for (const path of ["sellers", "rules", "ledger"]) {
    await page.goto(`${deployment.origin}/#/${path}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(300);
    // What reacts to a click must be something that takes the focus, or lie in it.
    const dead = await page.evaluate(() =>
      [...document.querySelectorAll("a, button, input, select, textarea, [role=button], [role=tab]")]
        .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex < 0 && e.getAttribute("aria-selected") !== "false")
        .map((e) => e.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(dead, [], path);
  }
  await page.goto(`${deployment.origin}/#/sellers`);
  await page.locator("button.open").first().waitFor();
  await page.locator("input.plain-input").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "open");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
});
test("ours: a secret is never shown again", async () => {
  await page.goto(`${deployment.origin}/#/channels`);
  await page.getByRole("cell", { name: "值班" }).waitFor();
  assert.ok(!/abc-secret|s3cret/.test(await page.content()));
  assert.ok(!/abc-secret|s3cret/.test(JSON.stringify(await admin.good("GET", "/channels"))));
});
test("ours: a county officer sees what the county may, without complaints", async () => {
  const other = await open(chrome, deployment);
  await enter(other, deployment, "li");
  await other.locator(".row.selected").waitFor();
  const links = await other.locator("nav a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  for (const path of links) {
    await other.goto(`${deployment.origin}/${path}`);
    await other.waitForLoadState("networkidle");
    await other.waitForTimeout(200);
    assert.equal(await other.locator(".el-message--error").count(), 0, path);
  }
  assert.deepEqual(other.wrongs, []);
  await other.context().close();
});
test("ours: a source is looked at and added by its address; another private address is refused", async () => {
  await page.goto(`${deployment.origin}/#/sources`);
  await page.getByRole("button", { name: "按网址新增" }).click();
  await page.locator("#source input[type=url]").fill(deployment.origins.farm + "/specials.html");
  await page.getByRole("button", { name: "试读这一页" }).click();
  await page.getByText(/读到 \d+ 个条目/).waitFor({ timeout: 30000 });
  assert.ok((await page.locator(".preview p").count()) > 1, "the listings are shown");
  await page.locator("#source input[type=url]").fill(deployment.origins.farm + "/list-2.html");
  await page.getByRole("button", { name: "保存" }).click();
  await until(async () => (await admin.good("GET", "/sources")).items.length === 6, "the new source");
  const refused = await admin.ask("POST", "/sources/preview", { address: "http://169.254.169.254/" });
  assert.equal(refused.status, 400);
  assert.equal((await admin.ask("POST", "/sources", { address: "file:///etc/passwd" })).status, 400);
  const audit = (await admin.good("GET", "/audit?limit=1000")).items;
  assert.ok(audit.some((e) => e.action === "sources.add"));
});
test("ours: a campaign is checked, copied to another year, started and ended", async () => {
  await page.goto(`${deployment.origin}/#/campaigns`);
  await page.getByRole("tab", { name: "全部" }).click();
  await page.getByRole("button", { name: "立即启动" }).first().click();
  await page.locator(".el-message-box input").fill("3");
  await page.keyboard.press("Enter");
  const [start] = await until(async () => {
    const items = (await admin.good("GET", "/campaigns/starts")).items;
    return items.length ? items : null;
  }, "the start");
  assert.ok(start.running);
  await page.getByRole("tab", { name: "日程" }).click();
  await page.getByText(/人工启动，进行中/).waitFor();
  await page.getByRole("button", { name: "结束" }).first().click();
  await until(async () => (await admin.good("GET", "/campaigns/starts")).items.every((s) => !s.running), "the end");
  assert.ok((await admin.good("GET", "/campaigns/check")).items.length > 0);
  const all = (await admin.good("GET", "/campaigns")).items;
  const fixed = all.find((c) => c.kind === "fixed" || c.kind === "open");
  if (fixed) {
    const copied = await admin.good("POST", "/campaigns/copy", { campaign: fixed.id, year: 2029 });
    await until(async () => JSON.stringify(await admin.good("GET", "/campaigns")).includes(copied.dates.slice(0, 10)), "the copy");
  }
});
test("ours: a campaign is made in the dialog, stands in the agenda, is started and ended", async () => {
  await page.goto(`${deployment.origin}/#/campaigns`);
  await page.getByRole("button", { name: "新建专项行动" }).click();
  const dialog = page.getByRole("dialog", { name: "新建专项行动" });
  await dialog.locator("input[name=name]").fill("风筝会专项");
  await dialog.locator("input[name=campaign]").fill("mid-autumn");
  await dialog.locator(".el-radio-button", { hasText: "每年公历" }).click();
  await dialog.locator("input[name=dates]").fill("02-30");
  await dialog.locator("input[name=lead_in]").fill("999");
  await dialog.getByRole("button", { name: "保存" }).click();
  // Each mistake at its field, and nothing was written.
  for (const text of [/编号 mid-autumn 已经有了：中秋专项/, /“02-30”不是每年都有的月日/, /天数是 0 至 180 的整数/])
    await dialog.locator(".el-form-item__error", { hasText: text }).waitFor();
  await shoot(page, "campaign-mistakes");
  assert.equal((await admin.ask("POST", "/campaigns", { campaign: "mid-autumn", name: "x", kind: "yearly", dates: ["05-01"] })).status, 400);
  await dialog.locator("input[name=campaign]").fill("kite-fair");
  await dialog.locator("input[name=dates]").fill("04-17..04-22");
  await dialog.locator("input[name=lead_in]").fill("14");
  await dialog.getByRole("button", { name: "单独设置采集源" }).click();
  await dialog.locator(".el-select").first().click();
  await page.getByRole("option", { name: "mall" }).click();
  await dialog.getByRole("button", { name: "添加规则包" }).click();
  await dialog.locator(".el-select").nth(1).click();
  await page.getByRole("option", { name: "gi_weifang" }).click();
  await dialog.getByText(/-04-03 – \d{4}-04-22/).first().waitFor();
  await shoot(page, "campaign-new");
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.waitFor({ state: "hidden" });
  const made = await until(async () => (await admin.good("GET", "/campaigns")).items.find((c) => c.id === "kite-fair"), "the new campaign");
  assert.deepEqual(made.sources, { all: 2, mall: 3 });
  assert.equal(made.certainty, "unverified");
  assert.ok((await admin.good("GET", "/audit?limit=1000")).items.some((e) => e.action === "campaigns.add" && e.object === "kite-fair"));
  await page.reload();
  const line = page.locator(".el-table__row", { hasText: "风筝会专项" }).first();
  await line.getByRole("button", { name: "立即启动" }).click();
  await page.locator(".el-message-box input").fill("2");
  await page.keyboard.press("Enter");
  await until(async () => (await admin.good("GET", "/campaigns/starts")).items.some((s) => s.campaign === "kite-fair" && s.running), "the start");
  await page.locator(".el-table__row", { hasText: /风筝会专项.*人工启动/ }).getByRole("button", { name: "结束" }).click();
  await until(async () => (await admin.good("GET", "/campaigns/starts")).items.every((s) => !s.running), "the end");
});
