// The list of messages: what the visitor said and whether it arrived, what the bot said and what it offers.
import { button, element, link } from "./elements.js";
import { createOpinion } from "./opinion.js";
import { write } from "./markdown.js";
import { sourceLine } from "./transcript.js";

export const URGENT = new Set(["emergency", "crisis"]);
const WITHOUT_OPINION = new Set(["greeting", "greet", "goodbye", "thanks", "privacy", ...URGENT]);

/** `act`: `choose(title, id)`, `send(item)`, `judge(id, helpful, comment)`, `announce(text)`. */
export function createMessages({ words, language, safeLink, act }) {
  const list = element("ol", { class: "messages", role: "list" });
  const dots = element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
  const waiting = element("p", { class: "waiting", hidden: true }, dots, words.waiting);
  const log = element("div", { class: "log", role: "group", "aria-label": words.conversation, tabindex: "0" }, list, waiting);
  const rows = new Map(); // item -> {row, message}, until it was answered
  let shown = [];

  function fromVisitor(text) {
    const row = element(
      "li",
      { class: "message visitor" },
      element("p", { class: "who" }, words.you),
      element("p", { class: "text", dir: "auto" }, text),
    );
    list.append(row);
    return row;
  }

  function fromBot(message) {
    const body = element("div", { class: "text", lang: spokenIn(message) });
    write(body, message.text, safeLink);
    const urgent = URGENT.has(message.subject);
    const row = element("li", { class: `message bot${urgent ? " urgent" : ""}` });
    const parts = [body, ...(message.links.length ? [linksOf(message)] : [])];
    if (urgent) parts.reverse(); // the button that calls comes first: a small screen has no more room
    row.append(element("p", { class: "who" }, words.assistant), ...parts);
    if (message.source) row.append(sourceOf(message.source));
    if (message.buttons.length) row.append(buttonsOf(message));
    if (!WITHOUT_OPINION.has(message.subject)) row.append(createOpinion(message.id, { words, act }));
    list.append(row);
    return row;
  }

  function linksOf({ links }) {
    const items = links.map(({ title, url }) => element("li", {}, link(title, url, safeLink)));
    return element("ul", { class: "links" }, ...items);
  }

  function sourceOf(source) {
    const [before, after] = sourceLine(source, language, words).split(source.title);
    return element("p", { class: "source" }, before, link(source.title, source.url, safeLink), after);
  }

  function buttonsOf({ buttons }) {
    const group = element("div", { class: "buttons", role: "group", "aria-label": words.suggestions });
    for (const { id, title } of buttons) {
      const made = button(title, () => {
        if (made.hasAttribute("aria-disabled")) return;
        // Not `disabled`: the button that was pressed keeps the focus, and can still be read.
        for (const each of group.children) each.setAttribute("aria-disabled", "true");
        made.setAttribute("aria-pressed", "true");
        made.append(element("span", { class: "unseen" }, ` ${words.chosen}`));
        act.choose(title, id);
      }, { lang: "en", dir: "auto" });
      group.append(made);
    }
    return group;
  }

  function append(message) {
    shown.push(message);
    return message.from === "bot" ? fromBot(message) : fromVisitor(message.text);
  }

  /** Puts what was said to the end: it is answered now, whatever was said since it was typed. */
  function moveToEnd({ row, message }) {
    list.append(row);
    shown = [...shown.filter((each) => each !== message), message];
  }

  function clear() {
    list.replaceChildren();
    shown = [];
  }

  /** What scrolls: the list or, where there is little height, the whole panel; never the page. */
  const scroller = () => (getComputedStyle(log).overflowY === "visible" ? log.closest("dialog") : log);

  function bringUp(row) {
    const box = scroller();
    box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top;
  }

  function bringUpLast() {
    const box = scroller();
    box.scrollTop = box === log ? log.scrollHeight : box.scrollTop; // else the box to type in would leave
  }

  function stateOf(item, state, ...more) {
    const row = rows.get(item)?.row;
    if (!row) return; // its conversation was left meanwhile
    row.querySelector(".state")?.remove();
    row.classList.toggle("unsent", state === words.unsent);
    if (state) row.append(element("p", { class: "state" }, element("span", {}, state), ...more));
  }

  return {
    log,
    get shown() {
      return shown;
    },
    bringUpLast,
    /** A new conversation's first words, from their beginning. */
    greet(messages) {
      const [first] = messages.map(append);
      if (first) bringUp(first);
    },
    /** The conversation as the server has it, and after it what has not arrived there. */
    restore(messages) {
      clear();
      messages.forEach(append);
      rows.forEach(moveToEnd);
      bringUpLast();
    },
    sending(item) {
      if (!rows.has(item)) {
        const message = { from: "visitor", text: item.text };
        rows.set(item, { message, row: append(message) });
        bringUpLast();
      }
      stateOf(item, words.sending);
    },
    waiting(yes) {
      waiting.hidden = !yes;
      if (yes) bringUpLast();
    },
    unsent(item) {
      stateOf(item, words.unsent, button(words.again, () => act.send(item)));
    },
    answered(item, messages) {
      const sent = rows.get(item);
      if (!sent) return;
      stateOf(item, null);
      rows.delete(item);
      moveToEnd(sent);
      const urgent = messages.map(append).find((row) => row.classList.contains("urgent"));
      bringUp(urgent ?? sent.row);
    },
    /** After the conversation was deleted by what the visitor said: what stands on the screen goes, too. */
    deleted(item, messages) {
      rows.delete(item);
      this.restore(messages);
    },
    clear() {
      rows.clear();
      clear();
    },
  };
}

/** Answers are in English, but for the one that says so in the visitor's own language. */
export function spokenIn({ subject, detail }) {
  return subject === "other_language" && detail ? detail : "en";
}
