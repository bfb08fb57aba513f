// Below the box, always in the same place: the way to the clinic, and what else can be done with the chat.
import { button, element } from "./elements.js";

let count = 0;

/** A button that opens and closes what it is named for. */
function disclosure(title, fill) {
  const id = `more-${(count += 1)}`;
  const content = element("div", { id, class: "more", hidden: true });
  const opener = button(title, () => set(content.hidden), { "aria-expanded": "false", "aria-controls": id });

  function set(open) {
    if (open) content.replaceChildren(...fill());
    content.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }

  return { opener, content, set, get isOpen() { return !content.hidden; } };
}

/** `acts`: `[title, function]` of each further option. */
export function createTools(words, contacts, acts) {
  const clinic = disclosure(words.clinic, () => [element("p", {}, words.clinic_reach), ...contacts.shown()]);
  const options = disclosure(words.options, () => [
    element("ul", { class: "options" }, ...acts.map(([title, act]) => element("li", {}, button(title, () => {
      options.set(false);
      options.opener.focus();
      act();
    })))),
  ]);
  const both = [clinic, options];
  for (const one of both) {
    one.opener.addEventListener("click", () => both.forEach((other) => other !== one && other.set(false)));
  }
  return {
    bar: element("div", { class: "tools" }, clinic.content, options.content, element("div", { class: "row" }, clinic.opener, options.opener)),
    /** Closes what is open; says whether anything was. */
    close() {
      const open = both.find((one) => one.isOpen);
      open?.set(false);
      open?.opener.focus();
      return Boolean(open);
    },
    refresh: () => clinic.isOpen && clinic.set(true),
  };
}
