// Against the server itself, without a proxy in front: hostile listings, brute force, traversal, floods. Nothing runs,
// nothing leaks, and officers are still served.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";
import { deskWith, firstPassword, leadsAre, shopOf } from "./harness.mjs";

const bad = {
  script: `<script>window.pwned=1</script><img src=x onerror="window.pwned=1">`,
  svg: `<svg onload=window.pwned=1></svg>{{constructor.constructor('window.pwned=1')()}}`,
  css: `</style><style>*{display:none!important}</style><link rel=stylesheet href=http://evil.example/x.css>`,
  rtl: `\u202e\u2066abc\u202d\u200f cba`,
  formula: `=HYPERLINK("http://evil.example","x")`,
  template: "${7*7} %s %00 \\u0000 ' OR 1=1 --",
};
const offers = Object.entries(bad).map(([name, text], i) => ({
  id: `4000${i}`,
  title: `耐克 高仿 运动鞋 断码 ${text} ${name}`,
  seller: `寿光市${text}${name}`,
  image: `http://127.0.0.1:1/"onerror="window.pwned=1"/${text}.png`,
}));
offers.push({ id: "40099", title: "耐克 高仿 运动鞋 断码 " + "长".repeat(33000), seller: "寿光市" + "长".repeat(3000) });
let deployment, admin, page, close;
before(async () => {
  ({ deployment, admin, page, close } = await deskWith({ sources: { street: shopOf(offers) } }, leadsAre(offers.length - 1)));
});
after(() => close?.());
const port = () => Number(new URL(deployment.api).port);
/** Sends bytes as they are; gives what comes back until the server closes or `ms` are over. */
function raw(bytes, ms = 3000) {
  return new Promise((resolve) => {
    let got = "";
    const socket = net.connect(port(), "127.0.0.1", () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(got);
    };
    socket.on("data", (chunk) => (got += chunk.toString("latin1")));
    socket.on("error", end);
    socket.on("close", end);
    setTimeout(end, ms).unref();
  });
}
async function served() {
  const started = Date.now();
  const answer = await admin.ask("GET", "/me");
  assert.equal(answer.status, 200, "officers are served");
  return Date.now() - started;
}

test("ours: hostile words run nowhere, hide nothing and ask nobody", async () => {
  const leads = (await admin.good("GET", "/leads?limit=100")).items;
  const addresses = ["today", "ledger", "sellers", "clusters", "reports", ...leads.map((l) => `leads/${l.lead}`)];
  for (const address of addresses) {
    await page.goto(`${deployment.origin}/#/${address}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(150);
    assert.equal(await page.evaluate(() => window.pwned), undefined, address);
    assert.ok(await page.locator("nav").isVisible(), address);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 1366, `${address} sticks out`);
  }
  assert.deepEqual(page.wrongs, []);
  // What turns the direction of writing stays inside its own field.
  await page.goto(`${deployment.origin}/#/ledger`);
  const row = page.locator("tr", { hasText: "rtl" }).first();
  assert.equal(await row.locator("td").last().evaluate((td) => getComputedStyle(td).direction), "ltr");
  assert.ok(await row.locator("bdi").count());
  // What stands in the ledger stands in the table, letter by letter.
  const shown = (await page.locator(".el-table").innerText()).replace(/\s+/g, " ");
  for (const lead of leads) assert.ok(shown.includes(lead.title.slice(0, 200).replace(/\s+/g, " ")), lead.title.slice(0, 80));
  assert.ok(leads.some((l) => /[<>"]|&lt;|\{\{/.test(l.title)), "markup came through as text");
});

test("ours: the captured page is in a sandbox on another origin", async () => {
  const lead = (await admin.good("GET", "/leads?limit=1")).items[0];
  await page.goto(`${deployment.origin}/#/leads/${lead.lead}`);
  await page.getByRole("button", { name: "网页快照" }).first().click();
  const frame = page.locator("iframe");
  await frame.waitFor();
  assert.equal(await frame.getAttribute("sandbox"), "");
  assert.notEqual(new URL(await frame.getAttribute("src")).origin, deployment.origin);
  const answer = await fetch(await frame.getAttribute("src"));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-security-policy"), /sandbox/);
  assert.equal((await fetch(new URL("/api/v1/me", await frame.getAttribute("src")))).status, 404);
  await page.keyboard.press("Escape");
});

test("ours: passwords are not guessed, and who knows his own still comes in", async () => {
  await deployment.account(admin, "target", "viewer");
  const stranger = deployment.client();
  const codes = [];
  for (let i = 0; i < 25; i++) codes.push((await stranger.ask("POST", "/login", { user: "target", password: `guess-${i}-guess` })).status);
  assert.ok(codes.includes(429), `told to wait: ${codes}`);
  assert.ok(codes.every((c) => c === 401 || c === 429));
  // A name that is not there answers alike.
  const unknown = await deployment.client().ask("POST", "/login", { user: "nobody-here", password: "guess-guess-guess" });
  assert.ok([401, 429].includes(unknown.status));
  await served();
  const audit = (await admin.good("GET", "/audit?limit=1000")).items;
  assert.ok(audit.some((e) => /login/.test(e.action)), "logins are in the log");
});

test("ours: no path leads out of the page's files", async () => {
  for (const path of ["/../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/%00/etc/passwd", "//etc/passwd", "/api/v1/../../etc/passwd", "/api/v1/leads/..%2f..%2fusers", "/assets/..\\..\\etc\\passwd", "/" + "a/".repeat(3000)]) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nConnection: close\r\n\r\n`);
    assert.ok(!answer.includes("root:"), path);
    assert.ok(answer === "" || /^HTTP\/1\.1 (200|4\d\d)/.test(answer), `${path}: ${answer.slice(0, 80)}`);
    if (answer.startsWith("HTTP/1.1 200")) assert.match(answer, /<div id="app">|<title>Cluehound/, path);
  }
  await served();
});

test("ours: what is too large is refused early", async () => {
  const big = "x".repeat(4 << 20);
  const login = await deployment.client().ask("POST", "/login", { user: big, password: "x" }).catch(() => ({ status: 0 }));
  assert.ok([0, 400, 413].includes(login.status), `${login.status}`);
  const header = await raw(`GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Big: ${"y".repeat(300000)}\r\n\r\n`);
  assert.ok(header === "" || /^HTTP\/1\.1 4\d\d/.test(header), header.slice(0, 60));
  const deep = await admin.ask("POST", "/me/preferences", { preferences: JSON.parse("[".repeat(500) + "]".repeat(500)) });
  assert.equal(deep.status, 400);
  const lie = await raw("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{");
  assert.ok(lie === "" || /^HTTP\/1\.1 4\d\d/.test(lie), lie.slice(0, 60));
  const smuggled = await raw("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/users HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.ok(!/"items"/.test(smuggled));
  await served();
});

test("ours: who sends slowly, or nothing, keeps nobody out", async () => {
  const sockets = Array.from({ length: 500 }, (_, i) => {
    const socket = net.connect(port(), "127.0.0.1", () => i % 2 && socket.write("GET / HTTP/1.1\r\nHost: x\r\n"));
    socket.on("error", () => {});
    return socket;
  });
  const drip = setInterval(() => sockets.forEach((s, i) => i % 2 && s.writable && s.write("X-a: b\r\n")), 500);
  try {
    for (let i = 0; i < 8; i++) {
      const ms = await served();
      assert.ok(ms < 3000, `${ms} ms`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await page.goto(`${deployment.origin}/#/profile`);
    await page.goto(`${deployment.origin}/#/today`);
    await page.locator(".row.selected").waitFor({ timeout: 8000 });
  } finally {
    clearInterval(drip);
    sockets.forEach((s) => s.destroy());
  }
});

test("ours: every answer carries the headers that keep a browser from harm", async () => {
  for (const path of ["/", "/api/v1/me", "/api/v1/none", "/none.js"]) {
    const headers = (await fetch(deployment.api + path)).headers;
    assert.match(headers.get("content-security-policy"), /default-src 'none'/, path);
    assert.equal(headers.get("x-frame-options"), "DENY", path);
    assert.ok(!/unsafe-eval|script-src[^;]*unsafe-inline/.test(headers.get("content-security-policy")), path);
  }
  assert.equal((await deployment.client().ask("POST", "/login", { user: "admin", password: firstPassword })).headers.getSetCookie()[0].match(/HttpOnly; SameSite=Strict/)?.length, 1);
});
