// Makes elements. Text goes in as text: nothing here or elsewhere reads HTML from data.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function button(title, pressed, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, title);
  made.addEventListener("click", pressed);
  return made;
}

/** A link, or its title alone where the address is empty or of a scheme that could run code. */
export function link(title, url, safeLink) {
  if (!safeLink.test(url ?? "")) return document.createTextNode(title);
  const outside = /^http/i.test(url);
  return element("a", { href: url, ...(outside && { target: "_blank", rel: "noopener noreferrer" }) }, title);
}

/** A text of the interface with its `{placeholders}` filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function day(iso, language) {
  const form = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return form.format(new Date(iso));
}
