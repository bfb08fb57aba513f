// Ways to reach the clinic: what the server said last, else what the page itself gives.
import { element, link } from "./elements.js";

export function createContacts(api, words, ownRoutes, safeLink) {
  let known = null;

  async function refresh() {
    try {
      known = await api.status();
    } catch {
      return; // what was known before still helps most
    }
  }

  function emergencyLine() {
    const route = known?.routes.find((each) => each.kind === "emergency");
    const url = route?.url || "tel:911";
    const text = route?.text ?? words.emergency;
    return element("p", { class: "emergency" }, `${text} `, link(route?.label ?? words.emergency_link, url, safeLink));
  }

  function list() {
    const routes = known ? known.routes.filter((each) => each.kind !== "emergency") : ownRoutes;
    if (!routes.length) return element("p", {}, words.clinic_unknown);
    const items = routes.map(({ label, text, url }) => element("li", {}, url ? link(label, url, safeLink) : text));
    return element("ul", {}, ...items);
  }

  return {
    refresh,
    get clinic() {
      return known?.clinic.name ?? "";
    },
    /** What is out of order now and, beside it, the first way that works; nothing where all is well. */
    notice() {
      if (!known?.notice) return [];
      const route = known.routes.find((each) => each.kind !== "emergency");
      const way = route ? [element("p", {}, route.url ? link(route.label, route.url, safeLink) : route.text)] : [];
      return [element("p", {}, known.notice.text), ...way];
    },
    /** The routes that work now, the emergency line with them. */
    shown: () => [list(), emergencyLine()],
  };
}
