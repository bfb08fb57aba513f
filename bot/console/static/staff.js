// A little comfort; every page works without it.
// data-key="j" on a link, button or field: that key follows, presses or focuses it, where nobody types.
// data-all="NAME" on a checkbox (hidden until here): ticks all of that name.
// data-only-script: shown only where scripts run. data-print: prints the page.
// data-going="..." on a submit button: it is pressed once only, and says this meanwhile.

const typing = (at) => at.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find(
    (each) => each.dataset.key === event.key && each.getClientRects().length,
  );
  if (!wanted) return;
  event.preventDefault();
  if (typing(wanted)) wanted.focus();
  else wanted.click();
});

for (const each of document.querySelectorAll("[data-only-script]")) each.hidden = false;

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const each of document.getElementsByName(name)) each.checked = event.target.checked;
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.going) return;
  if (button.ariaDisabled === "true") event.preventDefault();
  button.ariaDisabled = "true";
  button.textContent = button.dataset.going;
});

// A page that comes back from the browser's own store may show what somebody has signed out of.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
