// One script tag on a clinic's website: <script src=".../widget.js" data-clinic="temple" async></script>
// Shows a link, in the corner of the page, to that clinic's chat page.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const clinic = script.dataset.clinic || "temple";
  const link = document.createElement("a");
  link.href = new URL(`/demo/${encodeURIComponent(clinic)}`, script.src).href;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = script.dataset.label || "Ask about back surgery pain";
  Object.assign(link.style, {
    position: "fixed", right: "1rem", bottom: "1rem", zIndex: "2147483000",
    padding: "0.8rem 1.1rem", borderRadius: "1.5rem", boxShadow: "0 2px 8px rgb(0 0 0 / 0.3)",
    background: "#14606b", color: "#ffffff", font: "600 1rem/1.3 system-ui, sans-serif", textDecoration: "none",
  });
  const show = () => document.body.append(link);
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})();
