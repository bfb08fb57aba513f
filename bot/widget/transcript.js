// The conversation on paper or in a file, made in the browser from what is on the screen.
import { day, element, filled } from "./elements.js";
import { plain } from "./markdown.js";

/** `shown`: the messages as shown, in order. `heading`: `{clinic, language, words, codes}`. */
export function transcript(shown, { clinic, language, words, codes }) {
  const title = filled(words.transcript, { clinic, date: day(new Date().toISOString(), language) });
  const said = shown.map((message) => {
    const lines = [`${message.from === "bot" ? words.assistant : words.you}: ${plain(message.text)}`];
    for (const { title: name, url } of message.links ?? []) lines.push(url ? `${name}: ${url.replace(/^(tel|sms|mailto):/, "")}` : name);
    if (message.source) lines.push(sourceLine(message.source, language, words));
    return lines.join("\n");
  });
  const code = codes.length ? [filled(words.transcript_code, { code: codes.join(", ") })] : [];
  return [title, words.transcript_note, ...code, ...said].join("\n\n") + "\n";
}

export function sourceLine(source, language, words) {
  const reviewed = source.reviewed_on && filled(words.reviewed, { date: day(source.reviewed_on, language) });
  return [filled(words.source, { title: source.title }), reviewed].filter(Boolean).join(", ");
}

export function save(text, area) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = element("a", { href: url, download: "chat.txt", hidden: true });
  area.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function print(text, area) {
  const page = element("iframe", { class: "unseen", title: "", "aria-hidden": "true", tabindex: "-1" });
  area.append(page);
  const { contentWindow: paper, contentDocument: sheet } = page;
  for (const block of text.split("\n\n")) {
    const paragraph = sheet.createElement("p");
    paragraph.textContent = block;
    paragraph.dir = "auto";
    paragraph.style.whiteSpace = "pre-line";
    sheet.body.append(paragraph);
  }
  paper.addEventListener("afterprint", () => page.remove());
  paper.focus();
  paper.print();
}
