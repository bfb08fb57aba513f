// A file from this computer goes into the field that data-into names; pasting it does as well.
for (const each of document.querySelectorAll("input[data-into]")) {
  each.addEventListener("change", async () => {
    const file = each.files[0];
    if (file) document.getElementById(each.dataset.into).value = await file.text();
  });
}
