// Call one procedure and follow one stream with autobahn-js, a WAMP library that knows nothing of Chalkbell.
//
//   npm ci
//   CHALKBELL_TOKEN=cb_... node follow.mjs ada-stone cs-2026
//
// Signs in with a personal access token as its ticket, prints where the package's assessments stand, then each event as it
// happens, one JSON object a line. A third argument ends it after so many events. CHALKBELL_URL says where the campus is.
// What happens while the connection is lost is not told here: see ../follow_with_chalkbell.py for how to miss nothing.

import autobahn from "autobahn";
import { WebSocket } from "ws";

globalThis.WebSocket ??= WebSocket; // Node has one of its own from version 22 on

const [person, cs, count] = process.argv.slice(2);
const token = process.env.CHALKBELL_TOKEN;
const url = (process.env.CHALKBELL_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
if (!person || !cs || !token) {
  console.error("usage: CHALKBELL_TOKEN=cb_... node follow.mjs PERSON PACKAGE [EVENTS]");
  process.exit(2);
}
const say = (what) => console.log(JSON.stringify(what));

const connection = new autobahn.Connection({
  url: `${url.replace(/^http/, "ws")}/ws`,
  realm: "campus",
  authmethods: ["ticket"],
  authid: person,
  onchallenge: () => token,
  max_retries: 0,
});

connection.onopen = async (session) => {
  let left = Number(count ?? Infinity);
  try {
    // Subscribe first, then ask: what happens in between is heard.
    const topic = `chalkbell.workflow.v1.${cs}.`;
    const heard = ([event]) => {
      if (event.seq === 0) return; // announcements, which tell nothing new
      say({ event: event.name, seq: event.seq, by: event.by, correlation_id: event.correlation_id, data: event.data });
      if (--left === 0) connection.close();
    };
    await session.subscribe(topic, heard, { match: "prefix" });
    const found = await session.call("chalkbell.workflow.v1.assessments.list", [], { package: cs });
    for (const one of found.assessments) say({ assessment: one.id, module: one.module_code, state: one.state });
    say({ following: topic, from: found.position.seq });
  } catch (refusal) {
    say({ refused: refusal.error, message: refusal.args?.[0] });
    process.exitCode = 1;
    connection.close();
  }
};

connection.onclose = (reason, details) => {
  if (details.reason !== "wamp.close.normal" && details.reason !== "wamp.goodbye.normal") {
    say({ closed: reason, reason: details.reason, message: details.message });
    process.exitCode = 1;
  }
  return true; // do not come back
};

connection.open();
