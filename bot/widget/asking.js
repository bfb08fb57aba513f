// Asks before something goes that cannot come back. Inside the panel: a browser's own box would hide everything.
import { button, element } from "./elements.js";

export function createAsking() {
  const place = element("div", { class: "asking", role: "group", hidden: true });
  let back = null;

  function close() {
    if (place.hidden) return false;
    place.hidden = true;
    place.replaceChildren();
    back?.focus();
    return true;
  }

  /** `choices`: `[title, function]` each; one without a function keeps everything as it is. */
  function ask(question, choices, focusAfter) {
    back = focusAfter;
    const buttons = choices.map(([title, act]) => button(title, () => {
      close();
      act?.();
    }));
    place.setAttribute("aria-label", question);
    place.replaceChildren(element("p", {}, question), element("div", { class: "row" }, ...buttons));
    place.hidden = false;
    buttons[0].focus();
  }

  return { place, ask, close };
}
