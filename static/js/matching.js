/* The match pages. A result opens beside the list where there is room for it (elsewhere its link is followed); Esc closes, and
   whoever came by key is back at the row. Beside the compare button stands how many results are ticked. */
(() => {
  "use strict";
  const { $, all } = window.topjob;
  const frame = $("[data-matches]");
  if (!frame) return;
  const beside = $("#naast");
  const room = window.matchMedia("(min-width: 68.75rem)");
  let row = null;

  function count() {
    const picked = all("[data-select]:checked", frame).length;
    $("[data-picked]").textContent = picked ? `(${picked})` : "";
  }
  frame.addEventListener("change", count);
  window.addEventListener("pageshow", count);

  const link = () => $("[data-open]", row);
  const star = () => $("[data-row-key=s]", row);
  // The button beside the list presses the one in the row, and says the same.
  function agree() {
    const button = $("[data-star]", beside);
    if (button) button.textContent = star().ariaPressed === "true" ? button.dataset.off : button.dataset.on;
  }
  function shut() {
    beside.hidden = true;
    frame.classList.remove("open");
    row.removeAttribute("aria-current");
    link().focus();
  }

  frame.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) return shut();
    if (event.target.closest("[data-star]")) return star().click();
    const opens = event.target.closest("[data-open]");
    if (!opens || !room.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    row?.removeAttribute("aria-current");
    row = opens.closest("[data-row]");
    row.setAttribute("aria-current", "true");
    window.htmx.ajax("GET", opens.href, { target: beside, swap: "innerHTML" });
  });
  // A page instead of a part (log in again, why do you look): go there.
  beside.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== beside || event.detail.xhr.responseText.includes("data-why")) return;
    event.detail.shouldSwap = false;
    window.location.assign(link().href);
  });
  beside.addEventListener("htmx:afterSettle", () => {
    beside.hidden = false;
    frame.classList.add("open");
    agree();
    ($(".error-summary", beside) ?? $("h2", beside)).focus();
  });
  frame.addEventListener("htmx:afterSwap", () => row && agree());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && row && !beside.hidden && !$("dialog[open], details.tj-menu[open]")) shut();
  });
})();
