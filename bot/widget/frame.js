// How the panel stands on the page: beside it on a wide screen, over all of it on a phone.
import { element } from "./elements.js";

/**
 * `panel` is a <dialog>, `small` a media query. Returns `shelf`, which holds it, `show()` and `hide()`; on a wide
 * screen neither moves the focus.
 */
export function createFrame(panel, small) {
  const shelf = element("div", { class: "shelf" }, panel);
  const view = window.visualViewport;
  let shown = false;

  function show() {
    shown = true;
    if (small.matches) {
      panel.showModal(); // the page behind it cannot be reached, as it cannot be seen
    } else {
      panel.setAttribute("open", ""); // `panel.show()` would move the focus
      if ("popover" in shelf) {
        shelf.popover = "manual"; // above whatever z-index the page uses
        shelf.showPopover();
      }
    }
    fit();
  }

  function hide() {
    shown = false;
    panel.close();
    if (shelf.popover) {
      shelf.hidePopover();
      shelf.popover = null;
    }
  }

  /** A phone's keyboard covers the page without making it smaller; the visual viewport tells what is left. */
  function fit() {
    if (!view || view.scale > 1.01) return; // magnified by the visitor: then nothing is covered
    panel.style.setProperty("--view-top", `${view.offsetTop}px`);
    panel.style.setProperty("--view-height", `${view.height}px`);
  }

  view?.addEventListener("resize", fit);
  view?.addEventListener("scroll", fit);
  small.addEventListener("change", () => {
    if (!shown) return;
    const focused = panel.getRootNode().activeElement;
    hide();
    show();
    focused?.focus();
  });
  return { shelf, show, hide };
}
