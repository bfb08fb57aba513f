// Comfort on the pages of conversations; every one works without it.
// data-copy="ID" on a button: copies that field's text, and says data-copied meanwhile.
// The radio "Those that I ticked" counts what is ticked.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // the text is selected: it can be copied by hand
  }
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = words), 2000);
});

const ticked = document.querySelector("[data-ticked]");

function tell() {
  const number = document.querySelectorAll("input[name=ids]:checked").length;
  ticked.textContent = number ? ` (${number})` : "";
}

if (ticked) {
  document.addEventListener("change", tell);
  tell();
}
