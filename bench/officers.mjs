// The triage page on a large store: what a list, a filter and a lead cost through HTTP, how soon the first page is painted,
// and whether many officers at once are served without an error while a crawl runs.
//
//   node bench/officers.mjs STORE [--officers 50] [--seconds 60] [--rounds 40]
//
// STORE is a store of lead_bench (or any other). The officers decide leads in it. Needs a built program with its page,
// Chromium, and the packages of tests/e2e (`npm ci` there).
import fs from "node:fs";
import { parseArgs } from "node:util";
import { Deployment, browser, enter, firstPassword, open, shopOf, until } from "../tests/e2e/harness.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { officers: { type: "string", default: "50" }, seconds: { type: "string", default: "60" }, rounds: { type: "string", default: "40" } },
});
const store = positionals[0];
if (!store || !fs.existsSync(store)) {
  console.error("usage: node bench/officers.mjs STORE [--officers N] [--seconds S] [--rounds R]");
  process.exit(2);
}
const [officers, seconds, rounds] = [values.officers, values.seconds, values.rounds].map(Number);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const pick = (list) => list[Math.floor(Math.random() * list.length)];
class Times {
  constructor() {
    this.of = new Map();
  }
  async take(name, work) {
    const start = performance.now();
    const answer = await work();
    if (!this.of.has(name)) this.of.set(name, []);
    this.of.get(name).push(performance.now() - start);
    return answer;
  }
  print(title) {
    console.log(`\n${title}\n${"".padEnd(44)}   p50 ms   p99 ms   max ms      n`);
    for (const [name, all] of this.of) {
      all.sort((a, b) => a - b);
      const at = (share) => all[Math.min(all.length - 1, Math.floor(share * all.length))].toFixed(1).padStart(8);
      console.log(`${name.padEnd(44)} ${at(0.5)} ${at(0.99)} ${at(1)} ${String(all.length).padStart(6)}`);
    }
  }
}

// A shop without an end: every page has twenty offers and links to two more; answers after 50 ms.
let fetched = 0;
function endlessShop(request, response) {
  if (request.url === "/robots.txt") return response.writeHead(404).end();
  fetched++;
  const page = Number(/\d+/.exec(request.url) ?? 0);
  const offers = Array.from({ length: 20 }, (_, i) => ({
    id: `${page}-${i}`,
    title: i ? `示例台灯 货号${page * 20 + i} 卧室床头` : `高仿 NIKE 运动鞋 货号${page}`,
    seller: `示例铺子${page % 97}`,
  }));
  const links = [2 * page + 1, 2 * page + 2].map((n) => `<a href="/l-${n}.html">${n}</a>`).join("");
  setTimeout(() => {
    const end = response.end.bind(response);
    response.end = (text) => end(text.replace("<p>", `<p>${links}`));
    shopOf(offers)(request, response);
  }, 50);
}

async function administrator(deployment) {
  if (deployment.oneTime) return deployment.admin();
  const client = deployment.client(); // the store was used before
  await client.login("admin", firstPassword);
  return client;
}
async function officersOf(deployment, admin) {
  const there = new Set((await admin.good("GET", "/users")).items.map((account) => account.user));
  const clients = [];
  for (let i = 0; i < officers; i++) {
    const name = `officer${i}`;
    if (there.has(name)) {
      clients.push(deployment.client());
      await clients[i].login(name, firstPassword);
    } else {
      clients.push(await deployment.account(admin, name, "officer"));
    }
  }
  return clients;
}

// ---------------------------------------------------------------- one client

async function askAlone(client) {
  const times = new Times();
  const ask = (name, route) => times.take(name, () => client.good("GET", route));
  const first = await client.good("GET", "/rows?limit=100");
  const seen = first.items.map((row) => row.strongest);
  for (let round = 0; round < rounds; round++) {
    const lead = pick(seen);
    const enc = encodeURIComponent;
    const today = await ask("today: rows, new", "/rows?status=new&place=here&limit=100");
    if (today.next) await ask("  its second page", `/rows?status=new&place=here&limit=100&after=${enc(today.next)}`);
    await ask("  with a county", `/rows?status=new&limit=100&county=${enc("示例县" + (round % 12))}`);
    await ask("  with a mark", `/rows?status=new&limit=100&mark=${enc(lead.mark)}`);
    await ask("  with a category", "/rows?status=new&limit=100&category=special_mark");
    await ask("  with a platform", "/rows?status=new&limit=100&platform=platform-2");
    await ask("  with a score", "/rows?status=new&limit=100&score=90");
    await ask("  with a text", `/rows?status=new&limit=100&text=${enc("货号" + (10000 + Math.floor(Math.random() * 90000)))}`);
    await ask("ledger: leads, last seen first", "/leads?sort=last-seen&limit=100");
    await ask("  under check", "/leads?status=checking&limit=100");
    await ask("  of a seller", `/leads?limit=100&seller=${enc(lead.seller ?? "")}`);
    await ask("  text, a common word", `/leads?limit=100&text=${enc("高仿")}`);
    await ask("  count, new", "/leads/count?status=new");
    await ask("lead page", `/leads/${lead.lead}`);
    await ask("  its captures", `/leads/${lead.lead}/captures`);
    await ask("  its seller's others", `/leads?limit=20&seller=${enc(lead.seller ?? "")}`);
    await ask("changes since", `/changes?since=${Date.now() - 60000}`);
  }
  times.print("one client, at rest");
}

// ---------------------------------------------------------------- the browser

async function paint(deployment) {
  const chrome = await browser();
  const page = await open(chrome, deployment);
  await enter(page, deployment, "admin");
  await page.locator("tr[data-row], .row, tbody tr").first().waitFor();
  const paints = [];
  const rows = [];
  for (let i = 0; i < 10; i++) {
    await page.goto("about:blank");
    await page.goto(deployment.origin + "/", { waitUntil: "commit" });
    await page.locator("tr[data-row], .row, tbody tr").first().waitFor();
    rows.push(await page.evaluate(() => performance.now()));
    await until(() => page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length), "the first paint", 5);
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
  }
  const of = (all) => `median ${all.sort((a, b) => a - b)[5].toFixed(0)} ms, most ${all[9].toFixed(0)} ms`;
  console.log(`\nbrowser, ten loads: first paint ${of(paints)}; rows are there ${of(rows)}`);
  await chrome.close();
}

// ---------------------------------------------------------------- many officers

async function morning(client, county, end, times, wrong) {
  while (Date.now() < end) {
    const route = `/rows?status=new&limit=100&county=${encodeURIComponent(county)}`;
    const list = await times.take("rows of a county", () => client.ask("GET", route));
    if (list.status !== 200) return void wrong.push(`rows: ${list.status} ${list.bytes}`);
    for (const row of list.body.items.sort(() => Math.random() - 0.5).slice(0, 3)) {
      await pause(500 + 1000 * Math.random()); // reads
      const lead = await times.take("lead page", () => client.ask("GET", `/leads/${row.strongest.lead}`));
      if (lead.status !== 200) wrong.push(`lead: ${lead.status} ${lead.bytes}`);
      const body = { row: row.row, revision: row.revision, status: "ruled_out", reason: "fair_use" };
      const decided = await times.take("a decision", () => client.ask("POST", "/rows/decide", body));
      if (decided.status === 409) times.faster = (times.faster ?? 0) + 1; // a colleague was
      else if (decided.status !== 200) wrong.push(`decide: ${decided.status} ${decided.bytes}`);
    }
  }
}

const deployment = await Deployment.start({ store: fs.realpathSync(store), sources: { endless: endlessShop } });
const started = Date.now();
try {
  const admin = await administrator(deployment);
  const clients = await officersOf(deployment, admin);
  await admin.good("POST", "/sources/endless/request", { action: "pause" });
  await until(async () => {
    const before = fetched;
    await pause(1500);
    return fetched === before;
  }, "the crawl to pause");
  await askAlone(admin);
  await paint(deployment);
  await admin.good("POST", "/sources/endless/request", { action: "resume" });
  const before = fetched;
  try {
    await until(() => fetched > before + 20, "the crawl to go on");
  } catch (error) {
    console.log(`\n${error.message}: stored pages are matched with the rules of now first`);
  }
  const times = new Times();
  const wrong = [];
  const from = { fetched, at: Date.now() };
  const end = Date.now() + 1000 * seconds;
  await Promise.all(clients.map((client, i) => morning(client, `示例县${i % 12}`, end, times, wrong)));
  times.print(`${officers} officers at once for ${seconds} s`);
  const took = (Date.now() - from.at) / 1000;
  console.log(`errors: ${wrong.length}; a colleague was faster: ${times.faster ?? 0}; meanwhile ${((fetched - from.fetched) / took).toFixed(0)} pages/s were crawled`);
  for (const line of wrong.slice(0, 5)) console.log("  " + line);
  if (wrong.length) process.exitCode = 1;
} finally {
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} s in all`);
  await deployment.stop();
}
