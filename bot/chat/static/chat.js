// The demonstration page's chat box: a client of the JSON contract (docs/api.md) and nothing more.
// It makes no words of its own; they are in the page's <template> elements and in what the server sends.

const chat = document.querySelector(".chat");
const clinic = chat.dataset.clinic;
const part = (name, root = chat) => root.querySelector(`[data-part="${name}"]`);
const piece = (name) => document.querySelector(`template[data-piece="${name}"]`).content.cloneNode(true);
const words = (name) => piece(name).textContent.trim();

const KEY = `careline-session-${clinic}`;
const SAFE_LINK = /^(https?|tel|mailto):/i;
const TIMEOUT_MS = 30000;

const form = part("form");
const input = form.elements.text;
let token = remembered();
let known = { notice: null, routes: [] };
let busy = false;
let retry = null;
let queued = null;

// ---- the server ---------------------------------------------------------------------------------

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(`/api/${encodeURIComponent(clinic)}/${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 204) return null;
  const data = await response.json();
  if (!response.ok) throw new Refused(response.status, data.error.message);
  return data;
}

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage may be switched off: the chat then lasts as long as the page
  }
}

function remember(value) {
  token = value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
}

const isOver = (error) => error instanceof Refused && (error.status === 401 || error.status === 410);

// ---- what is seen -------------------------------------------------------------------------------

function write(target, text) {
  let list = null;
  for (const line of text.split("\n")) {
    const item = line.match(/^\s*[-•]\s+(.*)$/);
    if (item) {
      if (!list) target.append((list = document.createElement("ul")));
      list.append(element("li", item[1]));
    } else {
      list = null;
      if (line.trim()) target.append(element("p", line));
    }
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function link({ title, url }) {
  if (!SAFE_LINK.test(url)) return document.createTextNode(title);
  const made = element("a", title);
  made.href = url;
  if (/^http/i.test(url)) Object.assign(made, { target: "_blank", rel: "noopener noreferrer" });
  return made;
}

function show(message) {
  const made = piece(message.from).firstElementChild;
  write(part("text", made), message.text);
  if (message.from === "bot") {
    showLinks(made, message.links);
    showSource(made, message.source);
    showButtons(made, message.buttons);
  }
  part("log").append(made);
  return made;
}

function showLinks(made, links) {
  const list = part("links", made);
  for (const each of links) {
    const item = document.createElement("li");
    item.append(link(each));
    list.append(item);
  }
  if (!links.length) list.remove();
}

function showSource(made, source) {
  const line = part("source", made);
  if (!source) return line.remove();
  part("source-title", made).append(link(source));
  const reviewed = part("source-reviewed", made);
  if (!source.reviewed_on) return reviewed.remove();
  const time = reviewed.querySelector("time");
  time.dateTime = source.reviewed_on;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "long", timeZone: "UTC",
  }).format(new Date(source.reviewed_on));
}

function showButtons(made, buttons) {
  const group = part("buttons", made);
  for (const { id, title } of buttons) {
    const button = element("button", title);
    button.type = "button";
    button.addEventListener("click", () => choose(group, button, id));
    group.append(button);
  }
  if (!buttons.length) group.remove();
}

function markUsed(group, chosen) {
  // Not `disabled`: the button that was pressed keeps the focus.
  for (const button of group.children) button.setAttribute("aria-disabled", "true");
  chosen.setAttribute("aria-pressed", "true");
  chosen.append(piece("chosen"));
}

function showAll(messages) {
  const [first] = messages.map(show);
  // The question stays in sight above its answer; only the log moves, never the page.
  const log = part("log");
  if (first) log.scrollTop += first.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

// Where the conversation was deleted, what stands on the page goes too.
function showTurn(text, messages) {
  const deleted = messages.some((each) => each.subject === "privacy" && each.detail === "forgotten");
  if (deleted) part("log").replaceChildren();
  showAll(deleted ? messages : [{ from: "visitor", text }, ...messages]);
}

function setBusy(value) {
  busy = value;
  part("waiting").hidden = !value;
  part("log").setAttribute("aria-busy", String(value));
}

function showProblem(text, again) {
  retry = again;
  part("problem-text").textContent = text;
  const list = part("problem-routes");
  list.replaceChildren(
    ...known.routes.map((route) => {
      const item = element("li", `${route.text} `);
      if (route.url) item.append(link({ title: route.label, url: route.url }));
      return item;
    }),
  );
  part("retry").hidden = !again;
  part("problem").hidden = false;
}

function clearProblem() {
  part("problem").hidden = true;
  retry = null;
}

// ---- what is done -------------------------------------------------------------------------------

// `renewable`: whether the work makes sense in a new conversation (a button of the old one does not).
// What is asked for while something is under way comes after it.
async function attempt(work, renewable = true) {
  if (busy) {
    queued = [work, renewable];
    return;
  }
  clearProblem();
  setBusy(true);
  try {
    await work();
  } catch (error) {
    await recover(error, work, renewable);
  } finally {
    setBusy(false);
  }
  const next = queued;
  queued = null;
  if (next) await attempt(...next);
}

async function recover(error, work, renewable) {
  if (isOver(error)) {
    remember(null);
    try {
      await open();
      if (work !== open) showProblem(words("restarted"), renewable ? work : null);
      return;
    } catch (next) {
      error = next;
    }
  }
  const refused = error instanceof Refused;
  const hopeless = refused && [400, 404, 413, 415, 422].includes(error.status);
  showProblem(refused ? error.message : words("offline"), hopeless ? null : work);
}

async function open() {
  if (token) {
    const { messages } = await call("GET", "messages");
    part("log").replaceChildren();
    showAll(messages);
    part("log").scrollTop = part("log").scrollHeight;
    return;
  }
  const session = await call("POST", "sessions");
  remember(session.token);
  showAll(session.messages);
}

async function refreshStatus() {
  try {
    known = await call("GET", "status");
  } catch {
    return; // what the page was served with still stands
  }
  part("notice").hidden = !known.notice;
  part("notice").textContent = known.notice?.text ?? "";
}

async function send() {
  const text = input.value.trim();
  if (!text) return;
  if (!token) await open();
  const { messages } = await call("POST", "messages", { text });
  input.value = ""; // only now: until it was answered, the text stays
  showTurn(text, messages);
}

function choose(group, button, id) {
  const title = button.textContent;
  attempt(async () => {
    if (button.ariaDisabled) return;
    const { messages } = await call("POST", "messages", { choice: id });
    markUsed(group, button);
    showTurn(title, messages);
  }, false);
}

async function forget() {
  if (token) await call("DELETE", "session");
  remember(null);
  part("log").replaceChildren(element("p", words("forgotten")));
  await open();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(send);
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
part("retry").addEventListener("click", () => retry && attempt(retry));
part("forget").addEventListener("click", () => attempt(forget));

await refreshStatus();
attempt(open);
setInterval(refreshStatus, 60000);
