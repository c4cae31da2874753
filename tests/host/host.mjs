// Runs the built worker in workerd, with everything wrangler.jsonc binds: D1, Durable Objects, Queues, R2, assets, email.
//
// Used by `cargo xtask dev`, the end-to-end tests and the bench. It drives Miniflare directly, because the proxy in
// `wrangler dev` is slower than the worker it serves. It holds no product logic and never builds anything.
//
// Protocol, one JSON value per line. The first line on stdin is the options:
//   {"port": 0, "persist": null, "vars": {}, "siteDir": null, "sitePort": 0, "cronSeconds": 0}
// and the first line on stdout is {"ready":true,"url":…,"site":…} or {"ready":false,"error":…,"code":…}. Each later line on
// stdin is a command, answered by one line in the same order; an optional "id" is copied to the answer:
//   {"cmd":"cron"}                                   runs the scheduled handler
//   {"cmd":"query","sql":"select …","params":[…]}    runs one statement in D1, answers {"results":[…]}
//   {"cmd":"batch","statements":[{"sql":…,"params":[…]}]}   runs statements in D1 as one transaction, answers
//                                                    {"results":[{"rows":[…],"changes":0}]}
//   {"cmd":"email","from":…,"to":…,"raw":…}          hands raw mail to the email handler, answers {"rejected":null} or
//                                                    {"rejected":why}
//   {"cmd":"mails"}                                  what left through the email binding since the start, oldest first:
//                                                    {"mails":[raw,…]}
//   {"cmd":"restart"}                                stops workerd and starts it on the same storage
//   {"cmd":"stop"}                                   the same as end of input
// Everything the worker logs goes to stderr. Port 0 takes any free port; `persist: null` keeps nothing.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize, sep } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import wrangler from "wrangler";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HOST = "127.0.0.1";
const DEFAULTS = { port: 0, persist: null, vars: {}, siteDir: null, sitePort: 0, cronSeconds: 0 };

const CONTENT_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Miniflare's own messages, kept off stdout, which belongs to the protocol. */
class StderrLog extends Log {
  log(message) {
    process.stderr.write(`${message}\n`);
  }
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** Binds a port and gives it back, so that PUBLIC_URL is known before workerd starts. */
async function claimPort(port) {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, HOST, resolve));
  const claimed = server.address().port;
  await new Promise((resolve) => server.close(resolve));
  return claimed;
}

function minifOptions(options, port, persist) {
  process.env.WRANGLER_SEND_METRICS = "false";
  const config = wrangler.unstable_readConfig({ config: join(ROOT, "wrangler.jsonc") }, { hideWarnings: true });
  const { workerOptions, main } = wrangler.unstable_getMiniflareWorkerOptions(config);
  const build = join(main, "..");
  const modules = [main, ...readdirSync(build).filter((name) => name.endsWith(".wasm")).map((name) => join(build, name))];
  return convertV4MiniflareOptions({
    host: HOST,
    port,
    log: new StderrLog(LogLevel.WARN),
    handleStructuredLogs: ({ level, message }) => process.stderr.write(`[worker ${level}] ${message}\n`),
    logRequests: false,
    cf: false,
    unsafeTriggerHandlers: true,
    resourcePersistencePath: persist,
    resourceTmpPath: join(persist, "tmp"),
    workers: [
      {
        ...workerOptions,
        name: config.name,
        modulesRoot: build,
        modules: modules.map((path) => ({ path, type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule" })),
        bindings: { ...workerOptions.bindings, PUBLIC_URL: `http://${HOST}:${port}`, ...options.vars },
      },
    ],
  });
}

/** Applies what `wrangler d1 migrations apply` would, in the same table, each file in one transaction. */
async function migrate(db) {
  const dir = join(ROOT, "shared/migrations");
  await db
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  const files = readdirSync(dir).filter((name) => name.endsWith(".sql") && !applied.has(name)).sort();
  for (const name of files) {
    const statements = wrangler.unstable_splitSqlQuery(readFileSync(join(dir, name), "utf8"));
    try {
      await db.batch([
        ...statements.map((sql) => db.prepare(sql)),
        db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
      ]);
    } catch (error) {
      throw new Error(`migration ${name}: ${error.message}`);
    }
  }
}

/** The demo customer's site: static files, with `{{edge}}` in its pages replaced by the worker's address. */
async function serveSite(dir, port, edge) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://site").pathname));
    const file = join(dir, path.endsWith(sep) ? join(path, "index.html") : path);
    try {
      let body = readFileSync(file);
      if (extname(file) === ".html") body = body.toString("utf8").replaceAll("{{edge}}", edge);
      response.writeHead(200, {
        "content-type": CONTENT_TYPES[extname(file)] ?? "application/octet-stream",
        "cache-control": "no-store",
      });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
      response.end("Not found\n");
    }
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, HOST, resolve));
  return { server, url: `http://${HOST}:${server.address().port}` };
}

async function start(options) {
  const scratch = options.persist === null ? mkdtempSync(join(tmpdir(), "throughline-")) : null;
  const running = { scratch, mf: null, site: null, cron: null };
  try {
    const port = await claimPort(options.port);
    const settings = minifOptions(options, port, scratch ?? options.persist);
    running.settings = settings;
    running.mf = new Miniflare(settings);
    running.url = (await running.mf.ready).origin;
    await migrate(await running.mf.getD1Database("DB"));
    if (options.siteDir !== null) running.site = await serveSite(options.siteDir, options.sitePort, running.url);
    if (options.cronSeconds > 0) running.cron = setInterval(() => tick(running), options.cronSeconds * 1000);
    return running;
  } catch (error) {
    await stop(running);
    throw error;
  }
}

async function runCron(running) {
  const worker = await running.mf.getWorker();
  return worker.scheduled({ scheduledTime: new Date(), cron: "* * * * *" });
}

/** Mail as Email Routing brings it. Miniflare says in JSON what became of it, with the reason where it was rejected. */
async function receiveMail(running, { from, to, raw }) {
  const query = new URLSearchParams({ from, to, format: "json" });
  const response = await running.mf.dispatchFetch(`${running.url}/cdn-cgi/local/email?${query}`, { method: "POST", body: raw });
  const text = await response.text();
  if (!response.ok) throw new Error(`the email handler: ${response.status} ${text}`);
  return { rejected: JSON.parse(text).rejectReason ?? null };
}

/** Miniflare keeps each raw mail that leaves through the binding as a file of its own. */
function sentMails(running) {
  const dir = join(running.settings.resourceTmpPath, "email");
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true })
    .filter((name) => name.endsWith(".eml"))
    .map((name) => join(dir, name))
    .map((path) => ({ at: statSync(path).mtimeMs, raw: readFileSync(path, "utf8") }))
    .sort((a, b) => a.at - b.at)
    .map(({ raw }) => raw);
}

/** A cron run that outlasts its interval is not overlapped by the next one. */
function tick(running) {
  running.ticking ??= runCron(running)
    .catch((error) => process.stderr.write(`[cron] ${error.message}\n`))
    .finally(() => (running.ticking = null));
}

async function stop(running) {
  clearInterval(running.cron);
  running.site?.server.closeAllConnections();
  running.site?.server.close();
  await running.ticking;
  await running.mf?.dispose().catch(() => {});
  if (running.scratch !== null) rmSync(running.scratch, { recursive: true, force: true });
}

async function answer(running, command) {
  switch (command.cmd) {
    case "cron":
      return { outcome: (await runCron(running)).outcome };
    case "query": {
      const db = await running.mf.getD1Database("DB");
      const { results } = await db.prepare(command.sql).bind(...(command.params ?? [])).all();
      return { results };
    }
    case "batch": {
      const db = await running.mf.getD1Database("DB");
      const prepared = command.statements.map(({ sql, params }) => db.prepare(sql).bind(...params));
      const results = await db.batch(prepared);
      return { results: results.map(({ results: rows, meta }) => ({ rows, changes: meta.changes })) };
    }
    case "email":
      return receiveMail(running, command);
    case "mails":
      return { mails: sentMails(running) };
    case "restart":
      await running.mf.setOptions(running.settings);
      return { restarted: true };
    default:
      throw new Error(`unknown command ${JSON.stringify(command.cmd)}; known: batch, cron, email, mails, query, restart, stop`);
  }
}

async function main() {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return;

  let running;
  try {
    running = await start({ ...DEFAULTS, ...JSON.parse(first.value) });
  } catch (error) {
    say({ ready: false, error: error.message, code: error.code ?? null, port: error.port ?? null });
    process.exitCode = 1;
    return;
  }

  const signalled = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve({ done: true }));
  });
  say({ ready: true, url: running.url, site: running.site?.url ?? null });

  for (;;) {
    const line = await Promise.race([lines.next(), signalled]);
    if (line.done) break;
    let command = {};
    try {
      command = JSON.parse(line.value);
      if (command.cmd === "stop") break;
      say({ id: command.id, ok: true, ...(await answer(running, command)) });
    } catch (error) {
      say({ id: command.id, ok: false, error: error.message });
    }
  }
  await stop(running);
}

await main();
process.exit();
