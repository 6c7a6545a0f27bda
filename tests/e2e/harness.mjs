// A whole deployment for one test file: shops on loopback, a configuration, `cluehound serve`, and Chromium in front.
import { spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.CLUEHOUND ?? path.join(root, "build/release/cluehound");
export const firstPassword = "Erster-Morgen-2026";

const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain" };

function listen(handler) {
  return new Promise((resolve) => {
    const server = http.createServer(handler);
    server.listen(0, "127.0.0.1", () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` }));
  });
}
function filesOf(folder) {
  return (request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://x/").pathname);
    const file = path.join(folder, name.endsWith("/") ? name + "index.html" : name);
    fs.readFile(file, (error, bytes) => {
      if (error || !file.startsWith(folder)) return response.writeHead(404).end();
      response.writeHead(200, { "Content-Type": types[path.extname(file)] ?? "text/html" }).end(bytes);
    });
  };
}
/** A shop of one page, with these offers as JSON-LD: {id, title, price, seller, image}. `offers` may change later. */
export function shopOf(offers) {
  return (request, response) => {
    if (request.url === "/robots.txt") return response.writeHead(404).end();
    const graph = offers.map((o) => ({
      "@type": "Product",
      sku: o.id,
      name: o.title,
      image: o.image,
      url: `/i/${o.id}.html`,
      offers: { "@type": "Offer", price: o.price ?? "59.00", priceCurrency: "CNY", seller: { "@type": "Organization", name: o.seller } },
    }));
    const text = JSON.stringify({ "@context": "https://schema.org", "@graph": graph }).replaceAll("<", "\\u003c");
    response
      .writeHead(200, { "Content-Type": "text/html; charset=utf-8" })
      .end(`<!doctype html><title>shop</title><script type="application/ld+json">${text}</script><p>${offers.length}</p>`);
  };
}
/** Waits until `ask` gives something, at most `seconds`. */
export async function until(ask, what, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** To try a page that is not compiled in yet: its files from a folder, under the headers of the server. */
async function frontOf(folder, api) {
  const files = filesOf(folder);
  const policy = (await fetch(api + "/")).headers.get("content-security-policy");
  return listen((request, response) => {
    if (request.url.startsWith("/api/") || request.url === "/healthz") {
      const passed = http.request(api + request.url, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      passed.on("error", () => response.destroy());
      request.pipe(passed);
    } else {
      response.setHeader("Content-Security-Policy", policy);
      files(request, response);
    }
  });
}

export class Client {
  constructor(origin) {
    this.origin = origin;
    this.cookie = "";
    this.csrf = "";
  }
  /** {status, body}; body is JSON, or bytes of a file. */
  async ask(method, route, body, headers = {}) {
    const send = () =>
      fetch(this.origin + "/api/v1" + route, {
        method,
        headers: { "Content-Type": "application/json", Cookie: this.cookie, "X-CSRF-Token": this.csrf, ...headers },
        body: body === undefined || method === "GET" ? undefined : JSON.stringify(body),
      });
    let response = await send();
    // The limit on the requests of one address: whoever is told to wait waits.
    for (let i = 0; response.status === 429 && route !== "/login" && i < 50; i++) {
      await response.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 200));
      response = await send();
    }
    const set = response.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(";")[0];
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    const answer = { status: response.status, headers: response.headers, bytes };
    answer.body = type.startsWith("application/json") && bytes.length ? JSON.parse(bytes.toString()) : undefined;
    return answer;
  }
  async good(method, route, body) {
    const answer = await this.ask(method, route, body);
    if (answer.status !== 200) throw new Error(`${method} ${route}: ${answer.status} ${answer.bytes.toString().slice(0, 300)}`);
    return answer.body ?? answer.bytes;
  }
  async login(user, password) {
    const me = await this.good("POST", "/login", { user, password });
    this.csrf = me.csrf;
    return me;
  }
}

export class Deployment {
  /** `sources`: {id: handler of a request}; `market`: also the sample marketplace. */
  static async start({ sources = {}, market = false, rules = {} } = {}) {
    const it = new Deployment();
    it.servers = [];
    it.folder = fs.mkdtempSync(path.join(os.tmpdir(), "cluehound-e2e-"));
    const config = path.join(it.folder, "config");
    for (const name of ["sources", "rules", "profiles"]) fs.mkdirSync(path.join(config, name), { recursive: true });
    const handlers = { ...sources };
    if (market) {
      for (const site of ["mall", "farm", "live", "agency"]) handlers[site] = filesOf(path.join(root, "tests/market", site));
      fs.cpSync(path.join(root, "tests/market/profiles"), path.join(config, "profiles"), { recursive: true });
    }
    it.origins = {};
    let text = "sources:\n";
    for (const [id, handler] of Object.entries(handlers)) {
      const { server, origin } = await listen(handler);
      it.servers.push(server);
      it.origins[id] = origin;
      text += `  - {id: ${id}, seeds: ["${origin}/"], every: 6h, pace: 0s}\n`;
    }
    fs.writeFileSync(path.join(config, "sources/e2e.yaml"), text);
    for (const [name, bytes] of Object.entries(rules)) fs.writeFileSync(path.join(config, "rules", name), bytes);
    fs.writeFileSync(path.join(config, "cluehound.yaml"), "office: 示例市市场监督管理局\nlisten: 127.0.0.1:0\nstore: ../store\n");
    it.config = config;
    await it.serve();
    return it;
  }
  async serve() {
    this.process = spawn(program, ["serve", "--config", this.config], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (bytes) => (out += bytes));
    this.log = () => out;
    const found = await until(() => {
      if (this.process.exitCode !== null) throw new Error("serve ended: " + out);
      return /address="?(http:\/\/[\d.]+:\d+)/.exec(out);
    }, "serve to answer", 90);
    this.api = found[1];
    this.oneTime = /one-time password \(shown this once\): (\S+)/.exec(out)?.[1];
    this.origin = this.api;
    if (process.env.CLUEHOUND_PAGE) {
      const front = await frontOf(path.resolve(process.env.CLUEHOUND_PAGE), this.api);
      this.servers.push(front.server);
      this.origin = front.origin;
    }
  }
  client() {
    return new Client(this.api);
  }
  /** The first administrator, with the password changed. */
  async admin() {
    const client = this.client();
    await client.login("admin", this.oneTime);
    await client.good("POST", "/me/password", { present: this.oneTime, password: firstPassword });
    const again = this.client();
    await again.login("admin", firstPassword);
    return again;
  }
  /** An account with a changed password. */
  async account(admin, user, role, county) {
    const made = await admin.good("POST", "/users", { user, role, county, display: user });
    const client = this.client();
    await client.login(user, made.password);
    await client.good("POST", "/me/password", { present: made.password, password: firstPassword });
    const again = this.client();
    await again.login(user, firstPassword);
    return again;
  }
  async stop() {
    this.process.kill("SIGTERM");
    await until(() => this.process.exitCode !== null || this.process.signalCode !== null, "serve to end", 30).catch(() => this.process.kill("SIGKILL"));
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
}
/** A page at 1366x768 on which everything that goes wrong is noted: errors, refusals of the policy, requests elsewhere. */
export async function open(chrome, deployment, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", ...options });
  const page = await context.newPage();
  page.wrongs = [];
  page.on("pageerror", (error) => page.wrongs.push("error: " + error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) page.wrongs.push("console: " + message.text());
  });
  page.on("dialog", (dialog) => {
    page.wrongs.push("dialog: " + dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !/^http:\/\/127\.0\.0\.1:/.test(url)) page.wrongs.push("request: " + url);
  });
  return page;
}
export async function enter(page, deployment, user, password = firstPassword) {
  await page.goto(deployment.origin + "/");
  await page.locator("input[type=password]").first().waitFor();
  await page.locator("input").first().fill(user);
  await page.locator("input[type=password]").first().fill(password);
  await page.keyboard.press("Enter");
}
/** A picture for people, where they asked for them. */
export async function shoot(page, name) {
  if (process.env.CLUEHOUND_SHOTS) await page.screenshot({ path: `${process.env.CLUEHOUND_SHOTS}/${name}.png` });
}
