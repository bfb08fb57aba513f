// The little Markdown that answers may hold: lists of "- " lines, **bold**, [links](address). Nothing else.
import { element, link } from "./elements.js";

const ITEM = /^\s*[-•]\s+(.*)$/;
const INLINE = /\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** Writes a bot's text into an element, as paragraphs and lists. */
export function write(target, text, safeLink) {
  let list = null;
  for (const line of text.split("\n")) {
    const item = line.match(ITEM);
    if (item) {
      if (!list) target.append((list = element("ul")));
      list.append(element("li", { dir: "auto" }, ...inline(item[1], safeLink)));
    } else {
      list = null;
      if (line.trim()) target.append(element("p", { dir: "auto" }, ...inline(line, safeLink)));
    }
  }
}

function inline(line, safeLink) {
  const parts = [];
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, bold, title, url] = found;
    parts.push(line.slice(end, found.index), bold ? element("strong", {}, bold) : link(title, url, safeLink));
    end = found.index + whole.length;
  }
  return [...parts, line.slice(end)];
}

/** The same text as it is read aloud or saved: without the marks. */
export function plain(text) {
  return text.replace(INLINE, (whole, bold, title, url) => bold ?? `${title} (${url})`);
}
