// Tells a screen reader what is new, once, from regions of its own: the list of messages is none.
import { element } from "./elements.js";

const READ_MS = 4000; // long enough to be read out, short enough not to be met again by browsing

export function createAnnouncer() {
  const polite = element("div", { role: "status", "aria-live": "polite" });
  const urgent = element("div", { role: "alert", "aria-live": "assertive" });

  function say(text, { isUrgent = false, lang = null } = {}) {
    const said = element("p", { lang, dir: "auto" }, text);
    (isUrgent ? urgent : polite).append(said);
    setTimeout(() => said.remove(), READ_MS);
  }

  return { regions: element("div", { class: "unseen" }, polite, urgent), say };
}
