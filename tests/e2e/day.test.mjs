// First login, a scripted morning of 300 rows by keys, bulk, two officers on one row, both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Deployment, browser, enter, firstPassword, open, shoot, shopOf, until } from "./harness.mjs";

const here = 300;
const elsewhere = 24;
const titles = ["耐克 高仿 运动鞋 断码", "阿迪达斯 A货 外套 1:1", "耐克 高仿 跑步鞋 1:1"];
const counties = ["寿光市", "诸城市", "奎文区", ""];
const offers = Array.from({ length: here + elsewhere }, (_, i) => ({
  id: String(50000 + i),
  title: `${titles[i % titles.length]} ${i}`,
  price: `${30 + (i % 60)}.00`,
  seller: (i < here ? counties[i % counties.length] : "北京") + `第${i}经营部`,
}));

let deployment, chrome, admin, page;
before(async () => {
  deployment = await Deployment.start({ sources: { street: shopOf(offers) } });
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await deployment?.stop();
});
const selected = () => page.locator(".row.selected");
async function rowsShown(place) {
  await page.goto(`${deployment.origin}/#/${place}`);
  await page.reload();
  await selected().waitFor();
}

test("ours: the first administrator changes the one-time password and is in", async () => {
  page = await open(chrome, deployment);
  await enter(page, deployment, "admin", "wrong-password");
  await page.locator(".problem").waitFor();
  await enter(page, deployment, "admin", deployment.oneTime);
  await page.locator("input[name=wanted]").fill(firstPassword);
  await page.locator("input[name=again]").fill(firstPassword);
  await page.keyboard.press("Enter");
  await page.locator("nav").waitFor();
  admin = deployment.client();
  await admin.login("admin", firstPassword);
  const old = await deployment.client().ask("POST", "/login", { user: "admin", password: deployment.oneTime });
  assert.notEqual(old.status, 200);
  await until(async () => (await admin.good("GET", "/leads/count")).leads === here + elsewhere, "the crawl");
  await page.context().close();
});

test("ours: Today shows here and unknown, the rest stands in its own list", async () => {
  await deployment.account(admin, "li", "officer");
  page = await open(chrome, deployment);
  await enter(page, deployment, "li");
  await selected().waitFor();
  const count = async (place) => (await admin.good("GET", `/leads/count?place=${place}`)).leads;
  assert.equal(await count("here"), here);
  assert.equal(await count("elsewhere"), elsewhere);
  await rowsShown("elsewhere");
  assert.match(await selected().locator("[data-fact=place]").innerText(), /市外/);
});

test("ours: every fact for the decision is in sight at 1366x768 without scrolling", async () => {
  await rowsShown("today");
  for (const key of ["", "j", "j", "j"]) {
    if (key) await page.keyboard.press(key);
    const row = await selected().boundingBox();
    assert.ok(row.y >= 0 && row.y + row.height <= 768, "the row itself");
    for (const fact of ["score", "category", "mark", "title", "price", "sign", "seller", "place", "platform", "seen", "leads"]) {
      const box = await selected().locator(`[data-fact=${fact}]`).first().boundingBox();
      assert.ok(box && box.width > 8 && box.height > 8, `${fact} is there`);
      assert.ok(box.x >= row.x && box.x + box.width <= row.x + row.width + 0.5, `${fact} is not cut off`);
      assert.ok(box.y >= row.y && box.y + box.height <= row.y + row.height + 0.5, `${fact} is in its row`);
    }
    assert.ok(await selected().locator("mark.hit").first().isVisible(), "the hit is highlighted");
  }
  const visible = await page.locator(".row").evaluateAll((rows) => rows.filter((r) => r.getBoundingClientRect().bottom <= innerHeight).length);
  assert.ok(visible >= 7, `${visible} rows at once`);
});

test("ours: j, k, enter, search, help and undo", async () => {
  await rowsShown("today");
  const title = () => selected().locator("[data-fact=title]").innerText();
  const first = await title();
  await page.keyboard.press("j");
  const second = await title();
  assert.notEqual(first, second);
  await page.keyboard.press("k");
  assert.equal(await title(), first);
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: first.slice(0, 5) }).waitFor();
  await page.keyboard.press("Escape");
  await selected().waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("键盘操作").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("/");
  await page.keyboard.type("断码 102");
  await page.keyboard.press("Enter");
  await page.waitForURL(/text=/);
  await until(async () => /断码/.test(await title().catch(() => "")), "the search");
  await rowsShown("today");
  const victim = await title();
  await decide("x", "2");
  await page.keyboard.press("u");
  await until(async () => (await admin.good("GET", "/leads/count?status=ruled_out")).leads === 0, "the undo");
  await until(async () => (await title()) === victim, "the row again");
});

async function decide(...keys) {
  const last = keys.pop();
  for (const key of keys) await page.keyboard.press(key);
  const answer = page.waitForResponse((r) => /\/(decide|register)$/.test(r.url()));
  await page.keyboard.press(last);
  const response = await answer;
  assert.equal(response.status(), 200, await response.text());
}

test("ours: a morning of 300 rows, median at most 3 keys a row", async () => {
  await rowsShown("today");
  const spent = [];
  const started = Date.now();
  for (let i = 0; i < here; i++) {
    await page
      .locator(".row.selected:not(.decided)")
      .waitFor({ timeout: 10000 })
      .catch(async (error) => {
        if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/stuck.png` });
        throw new Error(`row ${i}: ${error.message}`);
      });
    const keys =
      i % 20 === 7
        ? ["x", "Tab", ..."授权书已核对", "Enter"]
        : i % 10 === 3
          ? ["d", "1"]
          : i % 10 === 5
            ? ["y", "1", "Enter"]
            : i % 10 === 8
              ? ["p", "1"]
              : i % 3 === 0
                ? ["c", "1"]
                : ["x", String(1 + (i % 9))];
    if (keys[1] === "Tab") {
      await page.keyboard.press("x");
      await page.locator(".panel .note").focus();
      await page.keyboard.type("授权书已核对");
      await decide("Enter");
    } else await decide(...keys);
    spent.push(keys.length);
    if (process.env.CLUEHOUND_SHOTS && i === 20) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/day.png` });
  }
  const seconds = (Date.now() - started) / 1000;
  spent.sort((a, b) => a - b);
  console.log(`300 rows: median ${spent[150]} keys, ${spent.reduce((a, b) => a + b)} in all, ${seconds.toFixed(1)} s of machine time`);
  assert.ok(spent[150] <= 3);
  assert.equal((await admin.good("GET", "/leads/count?status=new&place=here")).leads, 0);
  const noted = (await admin.good("GET", "/leads?status=ruled_out&limit=1000")).items.filter((l) => l.note === "授权书已核对");
  assert.ok(noted.length >= 10, "comments arrived");
  assert.ok(noted.every((l) => l.reason === "authorised"));
  assert.deepEqual(page.wrongs, []);
});

test("ours: bulk decides what is chosen, says why a button is off, and drafts a transfer letter", async () => {
  await rowsShown("elsewhere");
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press(" ");
    await page.keyboard.press("j");
  }
  await page.getByText("已选 3 行").waitFor();
  const [letter] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("l")]);
  assert.match(letter.suggestedFilename(), /^transfer-.*\.docx$/);
  await page.keyboard.press("y");
  await page.locator("#decide-target").waitFor();
  const answers = [];
  page.on("response", (r) => r.url().endsWith("/rows/decide") && answers.push(r.status()));
  await page.locator("#decide-target").selectOption("department");
  await page.getByRole("button", { name: "确定" }).click();
  await until(async () => answers.length === 3, "three decisions");
  assert.deepEqual(answers, [200, 200, 200]);
  assert.equal((await admin.good("GET", "/leads/count?status=referred&place=elsewhere")).leads, 3);
});

test("ours: tags are put on chosen rows, found by, and taken off a lead", async () => {
  await rowsShown("elsewhere");
  await page.keyboard.press(" ");
  await page.keyboard.press("j");
  await page.keyboard.press(" ");
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "标签" });
  await until(() => dialog.locator(".add input").evaluate((input) => input === document.activeElement), "the focus");
  for (const tag of ["展会", "待抽检"]) {
    await page.keyboard.type(tag);
    await page.keyboard.press("Enter");
  }
  await shoot(page, "tags-dialog");
  await dialog.getByRole("button", { name: "保存" }).click();
  await until(async () => (await admin.good("GET", `/leads/count?tag=${encodeURIComponent("展会")}`)).leads === 2, "the tags");
  const chips = page.locator(".row [data-fact=tag]", { hasText: "展会" });
  await until(async () => (await chips.count()) === 2, "the chips");
  await shoot(page, "tags-rows");
  await chips.first().click();
  await page.waitForURL(/tag=/);
  await page.locator(".bar .el-tag", { hasText: "标签 展会" }).waitFor();
  await until(async () => (await page.locator(".row").count()) === 2, "the rows of the tag");
  await page.keyboard.press("Enter");
  const chip = page.locator(".head [data-fact=tag]", { hasText: "待抽检" });
  await chip.waitFor();
  await shoot(page, "tags-lead");
  await chip.locator(".el-tag__close").click();
  await chip.waitFor({ state: "detached" });
  await page.getByText("展会、待抽检").first().waitFor(); // in the history
  assert.equal((await admin.good("GET", `/leads/count?tag=${encodeURIComponent("待抽检")}`)).leads, 1);
  assert.ok((await admin.good("GET", "/audit?limit=1000&after=300")).items.some((e) => e.action === "lead.tag"));
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("标签").first().waitFor();
  await page.keyboard.press("Escape");
  // Whoever may not is told why.
  await deployment.account(admin, "shouguang", "officer", "寿光市");
  const county = await open(chrome, deployment);
  await enter(county, deployment, "shouguang");
  await county.locator(".tools").waitFor();
  const button = county.getByRole("button", { name: "标签" });
  assert.ok(await button.isDisabled());
  await button.locator("xpath=..").hover();
  await county.getByText("由市局办理").first().waitFor();
  await county.context().close();
});

test("ours: of two officers on one row the second sees who decided", async () => {
  await deployment.account(admin, "wang", "officer");
  const other = await open(chrome, deployment);
  await enter(other, deployment, "wang");
  await other.goto(`${deployment.origin}/#/elsewhere`);
  await other.locator(".row.selected").waitFor();
  await rowsShown("elsewhere");
  const row = await page.locator(".row.selected [data-fact=seller]").innerText();
  assert.equal(await other.locator(".row.selected [data-fact=seller]").innerText(), row);
  await decide("x", "1");
  // The second has an old list in front, and decides the same row.
  await other.keyboard.press("p");
  await other.keyboard.press("1");
  await other.locator(".el-message", { hasText: "已由" }).waitFor();
  const lead = (await admin.good("GET", `/leads?seller=${encodeURIComponent(row)}`)).items[0];
  assert.equal(lead.status, "ruled_out");
  assert.equal(lead.decided_by, "li");
  await other.context().close();
});

test("ours: both languages, and the choice stays", async () => {
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("link", { name: "Today" }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Today" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  const paths = await page.locator("nav a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const path of paths) {
    await page.goto(`${deployment.origin}/${path}`);
    await page.waitForTimeout(300);
    const text = await page.locator("nav, .el-tabs__header, .el-table__header, .tools-line, .tools").allInnerTexts();
    assert.doesNotMatch(text.join(" ").replaceAll("中文", ""), /[\u4e00-\u9fff]{2}/, `${path} is translated`);
  }
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("link", { name: "今日线索" }).waitFor();
});
