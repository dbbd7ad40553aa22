/* The demo's guided walk: fills the example into the form at hand, before the visitor's eyes; sending it stays theirs. */
(() => {
  "use strict";
  const button = document.querySelector("[data-example]");
  const source = document.getElementById("walk-examples");
  const main = document.querySelector("main");
  if (!button || !source || !main) return;

  const fieldsOf = (name) => [...main.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const known = (example) => Object.keys(example).filter((name) => fieldsOf(name).length).length;
  const example = JSON.parse(source.textContent).sort((one, other) => known(other) - known(one))[0];
  if (!example || !known(example)) return;

  const words = (field) => (field.labels?.[0]?.textContent ?? "").trim();
  const meant = (field, value) => field.value === value || words(field).startsWith(value);
  const option = (field, value) =>
    [...field.options].find((each) => each.value === value) ??
    [...field.options].find((each) => each.textContent.trim().startsWith(value));

  function put(field, value) {
    if (field.type === "radio") {
      if (!meant(field, value)) return;
      field.checked = true;
    } else if (field.type === "checkbox") {
      field.checked = Array.isArray(value) ? value.some((each) => meant(field, each)) : Boolean(value);
    } else if (field instanceof HTMLSelectElement) {
      const chosen = option(field, value);
      if (!chosen) return;
      field.value = chosen.value;
    } else {
      field.value = value;
    }
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    for (const [name, value] of Object.entries(example)) for (const field of fieldsOf(name)) put(field, value);
    fieldsOf(Object.keys(example).find((name) => fieldsOf(name).length))[0].scrollIntoView({ block: "center" });
    button.dataset.example = "ingevuld";
  });
})();
