// Under an answer: was it helpful, and a word on it for whoever likes to say more.
import { button, element } from "./elements.js";

const MOST_CHARACTERS = 1000; // of a comment, as in docs/api.md

export function createOpinion(id, { words, act }) {
  const yes = button(words.helpful, () => judge(true), { "aria-pressed": "false" });
  const no = button(words.unhelpful, () => judge(false), { "aria-pressed": "false" });
  const said = element("p", { class: "said" });
  const group = element("div", { class: "opinion", role: "group", "aria-label": words.helpful_ask });
  let form = null;
  group.append(element("span", { class: "ask", "aria-hidden": "true" }, words.helpful_ask), yes, no, said);

  async function send(helpful, comment) {
    try {
      await act.judge(id, helpful, comment);
      tell(words.thanks);
      return true;
    } catch {
      tell(words.opinion_failed);
      return false;
    }
  }

  function tell(text) {
    said.textContent = text;
    act.announce(text);
  }

  async function judge(helpful) {
    if (!(await send(helpful))) return;
    yes.setAttribute("aria-pressed", String(helpful));
    no.setAttribute("aria-pressed", String(!helpful));
    if (helpful) form?.remove();
    else if (!form?.isConnected) group.append((form = commentForm()));
  }

  function commentForm() {
    const field = element("input", { type: "text", maxlength: MOST_CHARACTERS, autocomplete: "off", dir: "auto" });
    const made = element(
      "form",
      { class: "comment" },
      element("label", {}, element("span", {}, words.comment), field),
      element("button", { type: "submit" }, words.comment_send),
    );
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      if (await send(false, field.value)) {
        no.focus(); // the field that had the focus goes
        made.remove();
      }
    });
    return made;
  }

  return group;
}
