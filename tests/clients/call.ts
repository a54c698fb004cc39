// Real calls with the generated TypeScript client: what the compiler accepts here is what the document promises.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Site = components["schemas"]["SiteOut"];
interface Account {
  username: string;
  password: string;
  role: string;
}

const [baseUrl, accountsFile] = process.argv.slice(2) as [string, string];
const accounts = JSON.parse(readFileSync(accountsFile, "utf8")) as Account[];
const account = accounts.find((one) => one.role === "district");
assert(account, "the demo has a district account");

const client = createClient<paths>({ baseUrl });
const signIn = await client.POST("/api/v1/auth/login", {
  body: { username: account.username, password: account.password },
});
assert(signIn.data, `signed in: ${JSON.stringify(signIn.error)}`);
const token = signIn.data.access_token;
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

const me = await client.GET("/api/v1/me");
assert(me.data);
const campaigns = await client.GET("/api/v1/campaigns", { params: { query: { limit: 1 } } });
const campaign = campaigns.data?.items[0];
assert(campaign, "a campaign is listed");

const name = `Bản Khe Sạ ${Date.now()}`;
const created = await client.POST("/api/v1/sites", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { campaign_id: campaign.id, org_unit_id: me.data.org_unit_id, name, kind: "residential_area" },
});
assert.equal(created.response.status, 201, JSON.stringify(created.error));
const site: Site | undefined = created.data;
assert(site && site.name === name && site.state === "draft");

const path = { id: site.id };
const etag = created.response.headers.get("ETag");
assert(etag);
const changed = await client.PATCH("/api/v1/sites/{id}", {
  params: { path, header: { "If-Match": etag } },
  body: { address: "Nhà văn hóa bản" },
});
assert.equal(changed.data?.version, site.version + 1, JSON.stringify(changed.error));

const listed = await client.GET("/api/v1/sites", { params: { query: { q: "khe sa", state: "draft", limit: 10 } } });
assert(listed.data?.items.some((one) => one.id === site.id));

const refused = await client.POST("/api/v1/sites", {
  params: { header: { "Accept-Language": "en" } },
  body: { campaign_id: campaign.id, org_unit_id: me.data.org_unit_id, name: "", kind: "residential_area" },
});
assert.equal(refused.response.status, 422);
assert(refused.error, "a problem document");
assert.equal(refused.error.status, 422);
assert.deepEqual(refused.error.errors?.map((field) => field.pointer), ["/name"]);

const stale = await client.DELETE("/api/v1/sites/{id}", { params: { path, header: { "If-Match": etag } } });
assert.equal(stale.response.status, 412);
console.log(`clients: TypeScript: created and read ${site.id}; a bad one was refused: ${refused.error.code}`);
