/* Lists by key, what comes in below a row, and the toast that undoes: docs/components.md says how. Only the first link of a row
   is a stop for Tab. */
(() => {
  "use strict";
  const { all, keysOn, typing } = window.topjob;
  const offers = "a[href], button, input:not([type=hidden]), select, summary";
  const within = (row) => all(offers, row).filter((element) => !element.disabled && element.offsetParent !== null);
  const mainOf = (row) => row.querySelector("[data-open]") ?? row.querySelector("a[href]") ?? within(row)[0];
  const rows = (from) =>
    all("[data-rows] [data-row]", from?.closest("[data-found]") ?? document).filter((row) => row.offsetParent !== null && mainOf(row));

  function settle(root) {
    const found = root.matches?.("[data-row]") ? [root] : all("[data-rows] [data-row]", root);
    found.forEach((row) => {
      const main = mainOf(row);
      all(offers, row).forEach((element) => element !== main && element.setAttribute("tabindex", "-1"));
    });
  }

  function go(row) {
    const main = row && mainOf(row);
    if (!main) return;
    main.focus();
    row.scrollIntoView({ block: "nearest" });
    row.dispatchEvent(new CustomEvent("row:focus", { bubbles: true }));
  }

  function step(row, by) {
    const shown = rows(row);
    const place = shown.indexOf(row);
    go(place < 0 ? shown[0] : shown[place + by]);
  }

  function across(row, by) {
    const stops = within(row);
    stops[stops.indexOf(document.activeElement) + by]?.focus();
  }

  const moves = { j: [step, 1], k: [step, -1], ArrowDown: [step, 1], ArrowUp: [step, -1], ArrowRight: [across, 1], ArrowLeft: [across, -1] };

  function press(row, key) {
    const target = key === "x" ? row.querySelector("[data-select]") : row.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
    target?.click();
    return Boolean(target);
  }

  const leave = (form) => {
    const row = form.previousElementSibling;
    form.remove();
    go(row);
  };
  function arrived(element) {
    settle(element);
    toast(element);
    if (element.matches?.(".row-form")) all(".row-form").forEach((other) => other !== element && other.remove());
    if (element.matches?.("[data-back]")) leave(element);
  }

  function toast(root) {
    all("[data-undo]", root).forEach((form) => {
      const notice = form.closest(".notice");
      const end = () => (notice.matches(":hover, :focus-within") ? setTimeout(end, 1000) : notice.remove());
      notice.classList.add("tj-toast");
      setTimeout(end, 10000);
    });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]"))
      all("[data-select]", event.target.closest("table")).forEach((box) => (box.checked = event.target.checked));
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const composer = event.key === "Escape" && event.target.closest?.(".row-form");
      if (composer) return leave(composer);
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      const row = event.target.closest?.("[data-row]");
      const ticking = event.target.matches?.("input[type=checkbox]");
      if (typing(event.target) && !ticking) return;
      const isLetter = event.key.length === 1;
      if (isLetter ? !keysOn() : !row) return;
      // A letter that the rows of this list answer to themselves doesn't move.
      const move = isLetter && document.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`) ? null : moves[event.key];
      if (move && (row || isLetter) && rows(row).length) move[0](row, move[1]);
      else if (!row || !isLetter || event.key === " " || !press(row, event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  settle(document);
  toast(document);
  document.addEventListener("htmx:load", (event) => arrived(event.target));
})();
