// Call one procedure and follow one stream from a browser, without any library: this is all that goes over the wire.
//
// A browser signs in over HTTP and gets a ticket, which opens one WAMP session over the websocket. Both are on the campus's own origin,
// so this page has to be there too: copy its folder to web/dist/example and open /example/index.html.
// What happens while the connection is lost is not told here: web/src/client/follow.ts is how Chalkbell's own pages miss nothing.

const HELLO = 1, WELCOME = 2, ABORT = 3, CHALLENGE = 4, AUTHENTICATE = 5, ERROR = 8;
const SUBSCRIBE = 32, SUBSCRIBED = 33, EVENT = 36, CALL = 48, RESULT = 50;

/** A session: `call(uri, fields)`, and `follow(prefix, heard)`. Rejected with the campus's refusal. */
function join(person, ticket) {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`, ["wamp.2.json"]);
  const asked = new Map(); // what is waited for, by the request's number
  const followed = new Map(); // who hears, by the subscription's number
  const send = (...message) => socket.send(JSON.stringify(message));
  let last = 0;

  const ask = (...message) =>
    new Promise((resolve, reject) => {
      const [kind, ...rest] = message;
      asked.set(++last, { resolve, reject });
      send(kind, last, ...rest);
    });
  const session = {
    call: (uri, fields) => ask(CALL, {}, uri, [], fields),
    follow: async (prefix, heard) => followed.set(await ask(SUBSCRIBE, { match: "prefix" }, prefix), heard),
  };

  return new Promise((joined, refused) => {
    const details = { roles: { caller: {}, subscriber: {} }, authmethods: ["ticket"], authid: person };
    socket.onopen = () => send(HELLO, "campus", details);
    socket.onclose = () => refused(new Error("The connection is lost. Load the page again."));
    socket.onmessage = ({ data }) => {
      const [kind, ...rest] = JSON.parse(data);
      if (kind === CHALLENGE) send(AUTHENTICATE, ticket, {});
      else if (kind === WELCOME) joined(session);
      else if (kind === ABORT) refused(new Error(rest[0].message ?? rest[1]));
      else if (kind === SUBSCRIBED) asked.get(rest[0]).resolve(rest[1]);
      else if (kind === RESULT) asked.get(rest[0]).resolve(rest[2][0]);
      else if (kind === ERROR) asked.get(rest[1]).reject(new Error(rest[4]?.[0] ?? rest[3]));
      else if (kind === EVENT) followed.get(rest[0])?.(rest[3][0]);
    };
  });
}

const status = document.querySelector("[role=status]");
const say = (list, text) => document.getElementById(list).appendChild(document.createElement("li")).append(text);

document.querySelector("form").onsubmit = async (submitted) => {
  submitted.preventDefault();
  const { email, password, package: chosen } = Object.fromEntries(new FormData(submitted.target));
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/sign-in", { method: "POST", headers, body: JSON.stringify({ email, password }) });
    const welcome = await answer.json();
    if (!answer.ok) throw new Error(welcome.message);
    const session = await join(welcome.person.id, welcome.ticket);
    // Subscribe first, then ask: what happens in between is heard.
    await session.follow(`chalkbell.workflow.v1.${chosen}.`, (event) => {
      if (event.seq > 0) say("events", `${event.seq} ${event.name} by ${event.by}: ${event.data.state_title ?? ""}`);
    });
    const found = await session.call("chalkbell.workflow.v1.assessments.list", { package: chosen });
    for (const one of found.assessments) say("assessments", `${one.module_code}: ${one.state_title || "not begun"}`);
    status.textContent = `Following ${found.package_name} as ${welcome.person.name}.`;
  } catch (refusal) {
    status.textContent = refusal.message;
  }
};
