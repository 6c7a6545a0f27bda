// What keeps an office running: codes of an authenticator app, a channel of notices that is tried, a source that is paused.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { deskWith, enter, leadsAre, listen, open, shopOf, until } from "./harness.mjs";

const title = "耐克 高仿 运动鞋 断码";
const seller = "寿光市第1经营部";
let deployment, chrome, admin, page, close;
before(async () => {
  const more = 'notices: {page: "https://clues.office.example/", allow_addresses: [127.0.0.0/8]}\n';
  ({ deployment, chrome, admin, page, close } = await deskWith({ sources: { street: shopOf([{ id: "1001", title, seller }]) }, more }, leadsAre(1)));
});
after(() => close?.());

// RFC 6238 with the parameters that every authenticator app takes for granted.
function codeOf(address, ahead = 0) {
  const base32 = new URL(address).searchParams.get("secret").replace(/=+$/, "");
  const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const mac = createHmac("sha1", secret).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

test("ours: codes are switched on, asked for, refused when wrong, and switched off", async () => {
  const mine = await open(chrome, deployment);
  await deployment.account(admin, "zhou", "officer");
  await enter(mine, deployment, "zhou");
  await mine.locator("nav").waitFor();
  await mine.goto(`${deployment.origin}/#/profile`);
  await mine.getByRole("button", { name: "启用动态口令" }).click();
  const address = await mine.locator("code", { hasText: "otpauth://totp/" }).innerText();
  const code = mine.getByLabel("动态口令或恢复码");
  await code.fill("000000");
  await mine.getByRole("button", { name: "确定" }).click();
  await mine.locator(".el-message--error", { hasText: "动态口令不对" }).waitFor();
  await code.fill(codeOf(address));
  await mine.getByRole("button", { name: "确定" }).click();
  await mine.getByText("已启用：登录时要输入动态口令").waitFor();
  assert.ok((await mine.locator("pre").innerText()).split("\n").length >= 5, "recovery codes are shown");
  if (process.env.CLUEHOUND_SHOTS) await mine.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/profile-codes.png` });
  await mine.getByRole("button", { name: /退出/ }).click();
  await enter(mine, deployment, "zhou");
  const asked = mine.locator("input[name=code]");
  await asked.waitFor();
  assert.ok(await mine.locator("nav").isHidden(), "the password alone opens nothing");
  await asked.fill("000000");
  await mine.keyboard.press("Enter");
  await mine.locator(".problem", { hasText: "动态口令不对" }).waitFor();
  // The code that switched it on is spent; the next one is good already.
  await asked.fill(codeOf(address, 1));
  await mine.keyboard.press("Enter");
  await mine.locator("nav").waitFor();
  await mine.goto(`${deployment.origin}/#/profile`);
  await mine.getByText("已启用：登录时要输入动态口令").waitFor();
  assert.equal(await mine.locator("pre").count(), 0, "recovery codes are shown once");
  assert.ok(!(await mine.content()).includes(new URL(address).searchParams.get("secret")), "and the secret");
  const present = mine.getByLabel("停用动态口令：现在的口令");
  await present.fill("not-the-password");
  await mine.getByRole("button", { name: "停用动态口令" }).click();
  await mine.locator(".el-message--error").waitFor();
  await present.fill("Erster-Morgen-2026");
  await mine.getByRole("button", { name: "停用动态口令" }).click();
  await mine.getByRole("button", { name: "启用动态口令" }).waitFor();
  await mine.getByRole("button", { name: /退出/ }).click();
  await enter(mine, deployment, "zhou");
  await mine.locator("nav").waitFor();
  assert.deepEqual(mine.wrongs, []);
  await mine.context().close();
});

test("ours: a channel is tried: counts and a link arrive, signed; the secret is never shown again", async () => {
  const secret = "geheim-8f3a";
  const got = [];
  const { server, origin } = await listen((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += bytes));
    request.on("end", () => {
      got.push({ headers: request.headers, url: request.url, body });
      response.writeHead(got.length === 1 ? 500 : 200).end();
    });
  });
  try {
    await page.goto(`${deployment.origin}/#/channels`);
    await page.getByRole("button", { name: "通知渠道" }).click();
    const form = page.locator("#channel");
    await form.locator("select").first().selectOption("webhook");
    await form.getByLabel("名称").fill("值班室");
    await form.getByLabel("地址或收件人").fill(origin + "/hook/pfad-77");
    await form.getByLabel("加签密钥").fill(secret);
    await page.getByRole("button", { name: "保存" }).click();
    const row = page.locator("tr", { hasText: "值班室" });
    await row.waitFor();
    // The first answer is a refusal: it is said. The second arrives.
    await row.getByRole("button", { name: "试发" }).click();
    await page.locator(".el-message--error").waitFor();
    page.wrongs.length = 0; // the browser notes the refusal too
    await row.getByRole("button", { name: "试发" }).click();
    await until(() => got.length === 2, "the second try");
    const { headers, url, body } = got[1];
    assert.equal(url, "/hook/pfad-77");
    const stamp = headers["x-cluehound-timestamp"];
    assert.equal(headers["x-cluehound-signature"], "sha256=" + createHmac("sha256", secret).update(`${stamp}.${body}`).digest("hex"));
    const notice = JSON.parse(body);
    assert.deepEqual(Object.keys(notice).sort(), ["at", "counts", "link", "subject", "text"]);
    assert.ok(Object.values(notice.counts).every((n) => Number.isInteger(n)), "counts are numbers");
    assert.equal(notice.link, "https://clues.office.example/");
    for (const word of [title, "高仿", seller, "street", secret]) assert.ok(!body.includes(word), word);
    await row.getByRole("button", { name: "值班室" }).click();
    await form.waitFor();
    await page.waitForTimeout(400); // until it stands still
    const values = await form.locator("input").evaluateAll((all) => all.map((input) => input.value));
    assert.ok(!values.some((value) => value.includes("pfad-77") || value.includes(secret)), `${values}`);
    if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/channel-again.png` });
    await page.getByRole("button", { name: "取消" }).click();
    const told = (await page.content()) + JSON.stringify(await admin.good("GET", "/channels")) + JSON.stringify(await admin.good("GET", "/audit?limit=1000")) + deployment.log();
    assert.ok(!told.includes("pfad-77") && !told.includes(secret), "neither page, API, audit log nor the server's log tells it");
  } finally {
    server.closeAllConnections();
    server.close();
  }
  assert.deepEqual(page.wrongs, []);
});

test("ours: a source is paused, resumed and drained, and its state is seen", async () => {
  await page.goto(`${deployment.origin}/#/sources`);
  const row = page.locator("tr", { hasText: "street" });
  const press = (name) => row.getByRole("button", { name, exact: true }).click();
  const shows = (pattern) =>
    until(async () => {
      await page.getByRole("button", { name: "刷新" }).click();
      await page.waitForTimeout(200);
      return pattern.test(await row.innerText());
    }, `${pattern} in the row of the source`);
  await row.waitFor();
  await press("暂停");
  await shows(/已暂停/);
  assert.equal(await row.getByRole("button", { name: "立即采集" }).count(), 0, "what is paused does not run");
  if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/source-paused.png` });
  await press("恢复");
  await shows(/正常/);
  await press("采完暂停");
  await shows(/收尾中|已暂停/);
  await shows(/已暂停/);
  await press("恢复");
  await shows(/正常/);
  const audit = (await admin.good("GET", "/audit?limit=1000")).items.map((e) => JSON.stringify(e));
  for (const action of ["pause", "resume", "drain"]) assert.ok(audit.some((e) => e.includes("street") && e.includes(action)), action);
  assert.deepEqual(page.wrongs, []);
});
