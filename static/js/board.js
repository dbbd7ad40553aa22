/* A card dropped on another column: the server says which step that is, or why not. */
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  let held = null;
  const columnOf = (element) => element?.closest("[data-column]");
  board.addEventListener("dragstart", (event) => (held = event.target.closest("[data-card]")));
  board.addEventListener("dragend", () => (held = null));
  board.addEventListener("dragover", (event) => held && columnOf(event.target) && event.preventDefault());
  board.addEventListener("drop", (event) => {
    const to = columnOf(event.target);
    if (!held || !to) return;
    event.preventDefault();
    if (to === columnOf(held)) return;
    window.htmx.ajax("GET", `${held.dataset.card}?naar=${to.dataset.column}`, held.querySelector(".card-moves"));
  });
})();
