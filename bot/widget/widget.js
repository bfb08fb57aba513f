// What a website's one script tag loads: the launcher, and the clinic's contact where the chat cannot be opened.
// The panel (panel.js and what it imports) comes with the first opening. `SERVED` is filled in by the server
// (bot/chat/widget.py): the version of the other files, launcher.css, and the launcher's words in each language.
((served) => {
  const script = document.currentScript ?? document.querySelector('script[data-clinic][src*="widget.js"]');
  if (!script || customElements.get("careline-chat")) return;

  const data = script.dataset;
  if (!data.clinic) {
    console.error('Careline: the script tag names no clinic. Add data-clinic="…" with its key.');
    return; // another clinic's telephone number would be worse than none
  }
  const base = new URL(".", script.src).href;
  const { clinic } = data;
  const language = [data.lang, document.documentElement.lang, navigator.language]
    .map((tag) => (tag || "").slice(0, 2).toLowerCase())
    .find((tag) => tag in served.words) ?? "en";
  const words = served.words[language];
  const small = matchMedia("(max-width: 30em), (max-height: 30em)");
  const night = matchMedia("(prefers-color-scheme: dark)");

  const SAFE_LINK = /^(https?|tel|sms|mailto):/i;
  const KEY = `careline-session-${clinic}`;

  // ---- colours: a clinic's own is taken only where it can be read (WCAG 1.4.3, 4.5 to 1) ----------

  const SURFACE = { light: "#edf3f4", dark: "#22343a" }; // the answers' background, in launcher.css too
  const ON_ACCENT = { light: "#ffffff", dark: "#0b1619" };

  function luminance(hex) {
    const [red, green, blue] = hex.match(/[0-9a-f]{2}/gi).map((part) => {
      const value = parseInt(part, 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  function paint() {
    const theme = data.theme === "light" || data.theme === "dark" ? data.theme : night.matches ? "dark" : "light";
    area.dataset.theme = theme;
    const wanted = (theme === "dark" ? data.colorDark : data.color) ?? "";
    const readable = /^#[0-9a-f]{6}$/i.test(wanted)
      && contrast(wanted, SURFACE[theme]) >= 4.5 && contrast(wanted, ON_ACCENT[theme]) >= 4.5;
    if (wanted && !readable) {
      console.warn(`Careline: the colour ${wanted} is not used. Write it as #rrggbb, with a contrast of 4.5 to 1.`);
    }
    for (const [name, value] of [["--accent", wanted], ["--on-accent", ON_ACCENT[theme]]]) {
      if (readable) area.style.setProperty(name, value);
      else area.style.removeProperty(name);
    }
  }

  // ---- what stands on the page --------------------------------------------------------------------

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function addStyle(root, text) {
    try {
      const sheet = new CSSStyleSheet(); // allowed under a strict content security policy
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch {
      root.append(element("style", {}, text)); // browsers before 2023
    }
  }

  function icon() {
    const SVG = "http://www.w3.org/2000/svg";
    const made = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    made.setAttribute("viewBox", "0 0 24 24");
    made.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z");
    made.append(path);
    return made;
  }

  function remembered() {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null; // storage may be switched off
    }
  }

  // The routes that the page itself gives: the last resort, where the server never answered.
  const ownRoutes = [
    data.phone && { label: data.phoneLabel || words.call.replace("{number}", data.phone), url: `tel:${data.phone.replace(/[^+\d]/g, "")}` },
    data.portal && { label: data.portalLabel || words.portal, url: data.portal },
  ].filter((route) => route && SAFE_LINK.test(route.url));

  const label = element("span");
  const launcher = element("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" }, icon(), label);
  const area = element("section", { class: "careline", lang: language, dir: "ltr", "aria-label": words.region }, launcher);
  area.dataset.side = data.position === "left" ? "left" : "right";
  let panel = null;
  let problem = null;
  let busy = false;

  function nameLauncher() {
    label.textContent = (remembered() && words.resume) || data.label || words.open;
  }

  // ---- opening ------------------------------------------------------------------------------------

  let tries = 0;

  async function load() {
    if (panel) return;
    // Browsers remember that a module could not be loaded: another try needs another address.
    const files = `${base}widget/${served.version}${tries ? `.${tries}` : ""}/`;
    tries += 1;
    const [{ createPanel }, ...rest] = await Promise.all([
      import(`${files}panel.js`),
      fetch(`${files}panel.css`).then(textOf),
      fetch(`${files}${language}.json`).then(textOf),
      ...served.modules.map((name) => import(`${files}${name}`)), // at once, not one after the other
    ]);
    addStyle(area.getRootNode(), rest[0]);
    panel = createPanel({
      area, base, clinic, language, small, ownRoutes, storageKey: KEY, safeLink: SAFE_LINK,
      words: { ...words, ...JSON.parse(rest[1]).panel },
      title: data.title ?? "", greeting: data.greeting ?? "",
      closed(focus) {
        launcher.hidden = false;
        nameLauncher();
        if (focus) launcher.focus();
      },
    });
  }

  function textOf(response) {
    if (!response.ok) throw new Error(`${response.status}`);
    return response.text();
  }

  async function open(byVisitor) {
    if (busy) return;
    busy = true;
    label.textContent = words.loading;
    try {
      await load();
      problem?.remove();
      launcher.hidden = true;
      panel.open(byVisitor);
    } catch {
      showProblem(byVisitor);
    } finally {
      busy = false;
      nameLauncher();
    }
  }

  function showProblem(byVisitor) {
    const link = ({ label: title, url }) => element("li", {}, element("a", { href: url }, title));
    const again = element("button", { type: "button" }, words.again);
    const close = element("button", { type: "button" }, words.close);
    const said = element("h2", { tabindex: "-1", id: "problem" }, words.failed);
    problem?.remove();
    problem = element("div", { class: "problem", role: "dialog", "aria-labelledby": "problem" }, said);
    if (ownRoutes.length) problem.append(element("p", {}, words.reach), element("ul", {}, ...ownRoutes.map(link)));
    problem.append(
      element("p", {}, words.emergency, " ", element("a", { href: "tel:911" }, words.emergency_link)),
      element("p", { class: "row" }, again, close),
    );
    const leave = () => {
      problem.remove();
      launcher.hidden = false;
      launcher.focus();
    };
    again.addEventListener("click", () => open(true));
    close.addEventListener("click", leave);
    problem.addEventListener("keydown", (event) => event.key === "Escape" && leave());
    area.append(problem);
    launcher.hidden = true;
    if (byVisitor) said.focus();
  }

  // ---- start --------------------------------------------------------------------------------------

  customElements.define("careline-chat", class extends HTMLElement {
    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      addStyle(root, served.style);
      root.append(area);
    }
  });

  launcher.addEventListener("click", () => open(true));
  night.addEventListener("change", paint);
  paint();
  nameLauncher();
  const show = () => {
    document.body.append(document.createElement("careline-chat"));
    if (data.open === "true" && !small.matches) open(false); // on a phone it would cover the page
  };
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})(SERVED);
