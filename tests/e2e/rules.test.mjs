// An analyst proposes, a second one publishes, the next crawl goes by it; a silence hides one seller and not another.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Deployment, browser, enter, open, shopOf, until } from "./harness.mjs";

const offers = [
  { id: "8001", title: "耐克 高仿 运动鞋 断码", seller: "寿光市甲经营部" },
  { id: "8002", title: "耐克 高仿 运动鞋 断码 二", seller: "寿光市乙经营部" },
  { id: "8003", title: "幻影测试牌 高仿 外套", seller: "寿光市丙经营部" },
];
const mark = `
  - id: phantom
    kind: trademark
    name: 幻影测试牌
    classes: [25]
    goods: [外套]
    certainty: unverified
`;
let deployment, chrome, admin, page;
before(async () => {
  deployment = await Deployment.start({ sources: { street: shopOf(offers) } });
  chrome = await browser();
  admin = await deployment.admin();
  await until(async () => (await admin.good("GET", "/leads/count")).leads === 2, "the crawl");
  for (const [user, role] of [["zhao", "analyst"], ["qian", "analyst"], ["sun", "officer"]]) await deployment.account(admin, user, role);
});
after(async () => {
  await chrome?.close();
  await deployment?.stop();
});
const leads = async (text) => (await admin.good("GET", `/leads?text=${encodeURIComponent(text)}`)).items;
async function as(user) {
  await page?.context().close();
  page = await open(chrome, deployment);
  await enter(page, deployment, user);
  await page.locator("nav").waitFor();
}

test("ours: a draft with a mistake names file, line and column; a good one waits for a second person", async () => {
  await as("zhao");
  await page.goto(`${deployment.origin}/#/rules`);
  await page.getByRole("tab", { name: "修改" }).click();
  const file = page.getByLabel("选择规则文件");
  await until(async () => (await file.locator("option").count()) > 1, "the files");
  await file.selectOption("tm_weifang.yaml");
  const editor = page.locator("textarea.editor");
  const text = await editor.inputValue();
  await editor.fill(text + "  nonsense: [\n");
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.locator(".problems .error").first().waitFor();
  assert.match(await page.locator(".problems .error").first().innerText(), /tm_weifang\.yaml:\d+:\d+/);
  await editor.fill(text.trimEnd() + mark);
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByText(/通过：\d+ 条规则/).waitFor();
  await page.getByRole("button", { name: "提交复核" }).click();
  await page.locator(".el-message-box input").fill("新增标识：幻影测试牌");
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: "新增标识：幻影测试牌" }).waitFor();
  // The author cannot put it in force, on the page or by the API.
  assert.ok(await page.getByRole("button", { name: "同意并发布" }).isDisabled());
  const proposal = (await admin.good("GET", "/proposals")).items[0];
  const zhao = deployment.client();
  await zhao.login("zhao", "Erster-Morgen-2026");
  assert.equal((await zhao.ask("POST", `/proposals/${proposal.proposal}/review`, { verdict: "approve" })).status, 403);
  assert.deepEqual(await leads("幻影测试牌"), []);
});

test("ours: an explanation shows what holds, what does not, and what fires", async () => {
  await page.goto(`${deployment.origin}/#/rules`);
  await page.getByRole("tab", { name: "解释" }).click();
  await page.getByLabel("粘贴标题或正文").fill("耐克 高仿 运动鞋 断码");
  await page.getByRole("button", { name: "解释", exact: true }).click();
  await page.getByText("会成为线索", { exact: true }).waitFor();
  assert.ok((await page.locator("details[open] li b.PASS").count()) > 0);
  assert.ok((await page.locator("details b.FAIL").count()) > 0);
});

test("ours: the second person publishes, and the next crawl goes by it", async () => {
  await as("qian");
  await page.goto(`${deployment.origin}/#/rules`);
  await page.getByRole("tab", { name: "待复核" }).click();
  await page.getByRole("button", { name: "同意并发布" }).click();
  await page.getByRole("cell", { name: "已发布" }).waitFor();
  await page.goto(`${deployment.origin}/#/sources`);
  await page.getByRole("row", { name: /street/ }).getByRole("button", { name: "立即采集" }).click();
  const [lead] = await until(async () => {
    const found = await leads("幻影测试牌");
    return found.length ? found : null;
  }, "a lead of the new mark");
  assert.equal(lead.mark, "phantom");
  const history = (await admin.good("GET", "/rules/history")).items;
  assert.equal(lead.rule_set, history[0].rule_set);
});

test("ours: a silence hides one seller and not another", async () => {
  await as("sun");
  await page.goto(`${deployment.origin}/#/today`);
  await page.locator(".row", { hasText: "甲经营部" }).locator("[data-fact=title]").click();
  await page.locator("h1").waitFor();
  await page.keyboard.press("s");
  await page.locator("#silence").waitFor();
  await page.getByRole("button", { name: "确定" }).click();
  await page.locator("#silence").waitFor({ state: "hidden" });
  await page.goto(`${deployment.origin}/#/today`);
  await page.reload();
  await page.locator(".row", { hasText: "乙经营部" }).waitFor();
  assert.equal(await page.locator(".row", { hasText: "甲经营部" }).count(), 0);
  // The listing changes and is seen again: still silent.
  offers[0].title += " 新款";
  offers[1].title += " 新款";
  await admin.good("POST", "/sources/street/request", { action: "run" });
  await until(async () => (await leads("新款")).some((l) => l.seller.includes("乙")), "the change");
  assert.ok((await leads("新款")).every((l) => !l.seller.includes("甲")));
  await page.goto(`${deployment.origin}/#/silences`);
  await page.getByText("甲经营部").waitFor();
});
