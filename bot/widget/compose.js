// The box where the visitor types.
import { element } from "./elements.js";

const MOST_CHARACTERS = 2000; // as in docs/api.md

export function createCompose(words, send) {
  const field = element("textarea", {
    id: "say",
    rows: "1",
    maxlength: MOST_CHARACTERS,
    enterkeyhint: "send",
    autocomplete: "off",
    dir: "auto",
    "aria-describedby": "hint",
  });
  const form = element(
    "form",
    { class: "compose" },
    element("label", { for: "say" }, words.question),
    element("div", { class: "row" }, field, element("button", { type: "submit", class: "filled" }, words.send)),
    element("p", { id: "hint", class: "hint" }, words.hint),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    send(text);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  return { form, field };
}
