// While a run is under way, its steps are read anew; when it has ended, the whole page is. After a
// promotion, what answers visitors is read anew until a server has said that it uses it.
// Without scripts there is the link "Look again". An open page asks for half an hour at most.

const EVERY_MS = 3000;
const MOST = 600;
const TOO_LONG_MS = 20_000;

async function page() {
  try {
    const response = await fetch("/staff/training", {
      credentials: "same-origin",
      signal: AbortSignal.timeout(TOO_LONG_MS),
    });
    if (response.redirected) return location.assign("/staff/training"); // signed out meanwhile
    if (response.ok) return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    // the connection is gone for a while
  }
}

async function look(left) {
  if (!document.querySelector("[data-under-way]") || !left) return;
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  const now = await page();
  if (now) {
    const [run, fresh] = [document, now].map((each) => each.querySelector("#run[data-under-way]"));
    if (run && !fresh) return location.assign("/staff/training");
    for (const id of run ? ["step", "steps"] : []) {
      const [old, next] = [run.querySelector(`#${id}`), fresh.querySelector(`#${id}`)];
      if (old.innerHTML !== next.innerHTML) old.replaceChildren(...next.childNodes);
    }
    const [old, next] = [document, now].map((each) => each.querySelector("#in-force"));
    if ("underWay" in old.dataset && !("underWay" in next.dataset)) old.replaceWith(next);
  }
  return look(left - 1);
}

look(MOST);
