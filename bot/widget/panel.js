// The chat panel: puts the parts together and decides what follows what. Loaded with the first opening.
import { createAnnouncer } from "./announcer.js";
import { createApi } from "./api.js";
import { createAsking } from "./asking.js";
import { createCompose } from "./compose.js";
import { createContacts } from "./contacts.js";
import { createConversation, saysDeleted } from "./conversation.js";
import { button, element, filled } from "./elements.js";
import { createFrame } from "./frame.js";
import { plain } from "./markdown.js";
import { createMessages, spokenIn, URGENT } from "./messages.js";
import { createTools } from "./tools.js";
import { print, save, transcript } from "./transcript.js";

const STATUS_MS = 60000; // a phone outage that begins or ends is on the screen within a minute
const SLOW_MS = 1000; // who hears the screen is told that it takes longer; who sees it, sees it at once

/** `place`: what the loader knows (widget.js). Returns `open(byVisitor)`. */
export function createPanel(place) {
  const { area, words, language, safeLink, small } = place;
  const api = createApi(place.base, place.clinic);
  const contacts = createContacts(api, words, place.ownRoutes, safeLink);
  const announcer = createAnnouncer();
  const asking = createAsking();
  const compose = createCompose(words, (text) => conversation.say(text));
  const messages = createMessages({
    words,
    language,
    safeLink,
    act: {
      choose: (title, id) => conversation.say(title, id),
      send: (item) => conversation.send(item),
      judge: (id, helpful, comment) => conversation.judge(id, helpful, comment),
      announce: announcer.say,
    },
  });
  const conversation = createConversation(api, place.storageKey, {
    restored: (all) => messages.restore(all),
    greeted(all) {
      messages.greet(all);
      tell(all);
    },
    sending(item) {
      clearTrouble();
      messages.sending(item);
    },
    answered(item, all) {
      if (all.some(saysDeleted)) messages.deleted(item, all);
      else messages.answered(item, all);
      tell(all);
    },
    unsent: (item) => messages.unsent(item),
    trouble: showTrouble,
    busy,
  });

  // ---- elements -----------------------------------------------------------------------------------

  const title = element("h2", { id: "title", tabindex: "-1" }, place.title || words.title);
  const notice = element("div", { class: "notice", lang: "en", hidden: true });
  const greeting = element("p", { class: "greeting", dir: "auto", hidden: !place.greeting }, place.greeting);
  const trouble = element("div", { class: "trouble", hidden: true });
  const closer = button("×", leave, { class: "sign", "aria-label": words.close, title: words.close });
  const tools = createTools(words, contacts, [
    [words.new, () => asking.ask(words.new_ask, [[words.new_yes, () => renew(false)], [words.keep]], compose.field)],
    [words.print, () => print(transcript(messages.shown, heading()), area)],
    [words.save, () => save(transcript(messages.shown, heading()), area)],
    [words.forget, () => asking.ask(words.forget_ask, [[words.forget_yes, () => renew(true)], [words.keep]], compose.field)],
  ]);
  const panel = element(
    "dialog",
    { class: "panel", id: "panel", "aria-labelledby": "title", "aria-describedby": "subtitle" },
    element(
      "header",
      { class: "head" },
      element("div", {}, title, element("p", { id: "subtitle" }, words.subtitle)),
      button("–", () => hide(true), { class: "sign", "aria-label": words.minimise, title: words.minimise }),
      closer,
    ),
    greeting,
    messages.log,
    trouble,
    asking.place,
    compose.form,
    tools.bar,
    announcer.regions,
  );
  const frame = createFrame(panel, small);
  area.append(frame.shelf);

  /** Always in sight, but on a small screen: there it would leave no room for the answers. */
  const tight = matchMedia("(max-width: 30em), (max-height: 50em)");
  function placeNotice() {
    if (tight.matches) messages.log.prepend(notice);
    else messages.log.before(notice);
  }
  tight.addEventListener("change", placeNotice);
  placeNotice();

  // ---- what is shown ------------------------------------------------------------------------------

  const heading = () => ({ clinic: contacts.clinic || words.title, language, words, codes: conversation.codes });

  function tell(all) {
    for (const message of all.filter((each) => each.from === "bot")) {
      const isUrgent = URGENT.has(message.subject);
      announcer.say(plain(message.text), { isUrgent, lang: spokenIn(message) });
      const count = message.buttons.length;
      if (count && !isUrgent) announcer.say(filled(words.suggested, { count }));
    }
  }

  let slow = null;

  function busy(yes) {
    messages.waiting(yes);
    clearTimeout(slow);
    if (yes) slow = setTimeout(() => announcer.say(words.waiting), SLOW_MS);
  }

  function showTrouble({ kind, message, seconds }, again) {
    const ours = filled(words[kind] ?? words.failed, { seconds: seconds || 60 });
    // The server's own sentence comes first where it has one: it names the help that an emergency needs.
    const text = message && (kind === "failed" || kind === "refused") ? message : ours;
    const said = element("p", { lang: text === message ? "en" : language }, text);
    trouble.replaceChildren(said, ...(kind === "refused" ? [] : [button(words.again, again)]), ...contacts.shown());
    trouble.hidden = false;
    messages.bringUpLast(); // what was not sent stays in sight
    announcer.say(text, { isUrgent: true, lang: said.lang });
  }

  function clearTrouble() {
    if (trouble.contains(area.getRootNode().activeElement)) compose.field.focus(); // "Try again" goes
    trouble.hidden = true;
  }

  async function refresh() {
    await contacts.refresh();
    const news = contacts.notice();
    if (news.length && notice.hidden && begun) announcer.say(news[0].textContent);
    notice.replaceChildren(...news);
    notice.hidden = !news.length;
    if (contacts.clinic && !place.title) title.textContent = filled(words.title_of, { clinic: contacts.clinic });
    tools.refresh();
  }

  // ---- what is done -------------------------------------------------------------------------------

  let begun = false;
  let timer = null;

  async function open(byVisitor) {
    frame.show();
    // On a phone the keyboard would cover the greeting: there the heading is where one begins.
    if (byVisitor) (small.matches || matchMedia("(pointer: coarse)").matches ? title : compose.field).focus();
    timer ??= setInterval(refresh, STATUS_MS);
    refresh();
    if (begun) return;
    begun = await conversation.begin();
  }

  function hide(byVisitor) {
    clearInterval(timer);
    timer = null;
    tools.close();
    asking.close();
    frame.hide();
    place.closed(byVisitor);
  }

  function leave() {
    const go = () => {
      conversation.leave();
      messages.clear();
      clearTrouble();
      begun = false;
      hide(true);
    };
    if (!messages.shown.some((each) => each.from === "visitor")) return go();
    const andDelete = async () => (await conversation.end(true)) && go();
    return asking.ask(words.leave_ask, [[words.leave_yes, go], [words.leave_forget, andDelete], [words.keep]], closer);
  }

  async function renew(deleted) {
    if (!(await conversation.end(deleted))) return;
    messages.clear();
    clearTrouble();
    if (deleted) announcer.say(words.forgotten);
    begun = await conversation.begin();
  }

  panel.addEventListener("cancel", (event) => { // a phone's way back
    event.preventDefault();
    hide(true);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (!asking.close() && !tools.close()) hide(true);
  });

  return { open };
}
