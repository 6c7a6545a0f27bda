// Who may see and do what, of every route of docs/openapi.json: without login, with each role, and from another county.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Deployment, root, shopOf, until } from "./harness.mjs";

const document = JSON.parse(fs.readFileSync(path.join(root, "docs/openapi.json"), "utf8"));
const routes = Object.entries(document.paths).flatMap(([route, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), route, operation })),
);
// What only the other county may read.
const secret = "外县机密经营部";
const offers = [
  ...Array.from({ length: 5 }, (_, i) => ({ id: `7100${i}`, title: `耐克 高仿 运动鞋 断码 ${secret}款 ${i}`, seller: `诸城市${secret}` })),
  ...Array.from({ length: 5 }, (_, i) => ({ id: `7200${i}`, title: `阿迪达斯 A货 外套 1:1 ${i}`, seller: `寿光市第${i}经营部` })),
];
let deployment, admin, county, foreign, own, ids;
before(async () => {
  deployment = await Deployment.start({ sources: { street: shopOf(offers) } });
  admin = await deployment.admin();
  await until(async () => (await admin.good("GET", "/leads/count")).leads === offers.length, "the crawl");
  county = await deployment.account(admin, "shouguang", "officer", "寿光市");
  const find = async (name) => (await admin.good("GET", `/leads?county=${encodeURIComponent(name)}`)).items;
  [foreign] = await find("诸城市");
  [own] = await find("寿光市");
  const row = (await admin.good("GET", `/rows?county=${encodeURIComponent("诸城市")}`)).items[0].row;
  const seller = (await admin.good("GET", `/sellers?text=${encodeURIComponent(secret)}`)).items[0].seller;
  // A registered number, a case, a clue with a file, a cluster: everything that has a name.
  await admin.good("POST", `/leads/${foreign.lead}/register`, {});
  const number = (await admin.good("GET", `/leads/${foreign.lead}`)).lead.number;
  const paper = await admin.good("POST", "/clues", {
    what: `${secret} 来信`,
    fields: { county: "诸城市", origin: "report", description: secret },
    files: [{ name: "proof.png", base64: Buffer.from("\x89PNG\r\n\x1a\n0000", "latin1").toString("base64") }],
  });
  const clusters = (await admin.good("GET", "/clusters")).items;
  const digest = paper.paper?.files?.[0]?.digest ?? paper.paper?.files?.[0]?.sha256 ?? "0".repeat(64);
  const captures = (await admin.good("GET", `/leads/${foreign.lead}/captures`)).items;
  ids = { lead: foreign.lead, number, row, seller, paper: String(paper.paper?.paper ?? 1), digest, cluster: clusters[0]?.cluster ?? "none", capture: captures[0]?.capture ?? "none" };
});
after(() => deployment?.stop());

// A value for each parameter, so that the request goes as far as it can.
function valueOf(name, schema, route) {
  const given = {
    lead: ids.lead, leads: [ids.lead], row: ids.row, seller: ids.seller, cluster: ids.cluster, paper: ids.paper, digest: ids.digest,
    capture: ids.capture, of: ids.lead, into: ids.lead, status: route.includes("/rows/") || route.includes("decide") ? "ruled_out" : undefined,
    reason: "fair_use", county: undefined, note: "x", to: undefined, kind: route.includes("/reports/") ? "ledger" : route.includes("/jobs") ? "diff" : "clue",
    what: "words", fields: {}, rows: [{ fields: { description: "x" } }], action: route.includes("bulk") ? "decide" : "run", format: "json",
    arguments: { status: "ruled_out", reason: "fair_use" }, approver: "x", document: "x", gi: "x", seed: "1", text: secret,
    letter: "transfer", from: "2020-01-01", since: 0, place: undefined, limit: undefined, after: undefined, revision: undefined, until: undefined, case: undefined,
  };
  if (name in given) return given[name];
  if (schema.type === "integer") return undefined;
  if (schema.type === "boolean") return undefined;
  return schema.required ? "x" : undefined;
}
function requestOf({ method, route, operation }, fill) {
  const query = new URLSearchParams();
  let address = route;
  for (const p of operation.parameters ?? []) {
    const value = fill(p.name, p.schema, route);
    if (p.in === "path") address = address.replace(`{${p.name}}`, encodeURIComponent(value ?? "1"));
    else if (value !== undefined) query.set(p.name, Array.isArray(value) ? value.join(" ") : String(value));
  }
  let body;
  if (method !== "GET") {
    body = {};
    const schema = operation.requestBody?.content["application/json"].schema;
    for (const [name, each] of Object.entries(schema?.properties ?? {})) {
      const value = fill(name, each, route) ?? (schema.required?.includes(name) ? "x" : undefined);
      if (value !== undefined) body[name] = value;
    }
  }
  return [method, address + (query.size ? `?${query}` : ""), body];
}
// What would end the session that asks.
const endsItself = (r) => /^\/(logout|login)$|^\/me\/(password|totp)|sessions.*end/.test(r.route);

test("ours: without a login there is nothing but the login and the document", async () => {
  for (const each of routes) {
    const [method, address, body] = requestOf(each, valueOf);
    const answer = await deployment.client().ask(method, address, body);
    if (each.operation.security?.length === 0) continue;
    assert.equal(answer.status, 401, `${method} ${address}`);
    assert.ok(!answer.bytes.toString().includes(secret));
  }
});

test("ours: a county sees and changes nothing of another by any route", async () => {
  const before = JSON.stringify(await admin.good("GET", `/leads/${foreign.lead}`));
  let tried = 0;
  const ways = [valueOf, (name, schema, route) => (name === "lead" ? ids.number : valueOf(name, schema, route)), (name, schema, route) => (name === "county" ? "诸城市" : valueOf(name, schema, route)), (name, schema, route) => (["text", "seller", "row", "cluster", "lead"].includes(name) && !route.includes(`{${name}}`) ? undefined : valueOf(name, schema, route))];
  for (const each of routes.filter((r) => !endsItself(r))) {
    for (const way of ways) {
      const [method, address, body] = requestOf(each, way);
      const answer = await county.ask(method, address, body);
      tried++;
      assert.ok(answer.status < 500 || answer.status === 503, `${method} ${address}: ${answer.status} ${answer.bytes.toString().slice(0, 200)}`);
      const text = answer.bytes.toString();
      const asked = decodeURIComponent(address) + JSON.stringify(body ?? "");
      // An error may repeat what was asked for; an answer may not know more than that.
      if (!asked.includes(secret)) assert.ok(!text.includes(secret), `${method} ${address} tells: ${text.slice(0, 300)}`);
      if (!asked.includes(foreign.lead)) assert.ok(!text.includes(foreign.lead), `${method} ${address} names the lead`);
      if (each.route.includes("{lead}") && method === "GET") assert.notEqual(answer.status, 200, `${method} ${address}`);
      if (/bulk/.test(each.route) && answer.status === 200) assert.ok(answer.body.items.every((i) => !i.ok), "no bulk action on it");
    }
  }
  assert.equal(JSON.stringify(await admin.good("GET", `/leads/${foreign.lead}`)), before, "it is as it was");
  assert.equal((await county.good("GET", "/leads")).items.every((l) => l.jurisdiction === "寿光市"), true);
  assert.equal((await county.ask("GET", `/leads/${own.lead}`)).status, 200);
  console.log(`${tried} requests from another county`);
});

for (const role of ["viewer", "officer", "analyst"]) {
  test(`ours: a ${role} may what the document says, and no more`, async () => {
    const client = await deployment.account(admin, `a-${role}`, role);
    for (const each of routes.filter((r) => !endsItself(r) && r.operation["x-roles"])) {
      const allowed = each.operation["x-roles"].includes(role);
      // Only what is missing or malformed is sent where it is allowed: nothing is to happen.
      const [method, address] = requestOf(each, (name) => (name === "lead" ? "ffffff" : name === "kind" ? "none" : "none"));
      const answer = await client.ask(method, address, method === "GET" ? undefined : {});
      if (allowed) assert.ok(answer.status !== 401 && !(answer.status === 403), `${role} ${method} ${address}: ${answer.status} ${answer.bytes}`);
      else assert.equal(answer.status, 403, `${role} ${method} ${address}: ${answer.bytes.toString().slice(0, 200)}`);
      assert.ok(answer.status < 500 || answer.status === 503, `${method} ${address}`);
    }
  });
}

test("ours: a change without the token, with another's, or from another origin is refused", async () => {
  for (const headers of [{ "X-CSRF-Token": "" }, { "X-CSRF-Token": county.csrf }, { Origin: "http://evil.example" }, { "Sec-Fetch-Site": "cross-site" }]) {
    const answer = await admin.ask("POST", `/leads/${own.lead}/decide`, { status: "ruled_out", reason: "fair_use" }, headers);
    assert.equal(answer.status, 403, JSON.stringify(headers));
  }
  const form = await fetch(`${deployment.api}/api/v1/login`, { method: "POST", body: new URLSearchParams({ user: "admin", password: "x" }) });
  assert.ok(form.status >= 400 && form.status < 500, "a form of another site cannot log in");
});
