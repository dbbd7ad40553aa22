/* Beside a day a calendar that only fills in the text; at a number its limits. The server reads and checks both (topjob/entry.py). */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const labelOf = (field) => field.labels?.[0]?.textContent.replace("*", "").trim() ?? "";

  function addCalendar(field) {
    const picker = document.createElement("input");
    if (!picker.showPicker || field.readOnly || field.disabled || field.nextElementSibling?.matches(".tj-day")) return;
    const place = document.createElement("span");
    const button = document.createElement("button");
    place.className = "tj-day";
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    picker.setAttribute("form", ""); // never sent along
    button.type = "button";
    button.setAttribute("aria-label", ["Kies een dag", labelOf(field)].filter(Boolean).join(": "));
    place.append(button, picker);
    button.addEventListener("click", () => {
      const typed = field.value.match(/^(\d{1,2})-(\d{1,2})-(\d{4})/);
      if (typed) picker.value = `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}`;
      picker.showPicker();
    });
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      if (!picker.value) return;
      const time = field.dataset.day === "moment" ? (field.value.match(/\d{1,2}[:.]\d{2}$/)?.[0] ?? "09:00") : "";
      field.value = [picker.value.split("-").reverse().join("-"), time].filter(Boolean).join(" ");
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
      field.focus();
    });
    field.after(place);
    field.classList.add("has-day");
  }

  // 1.250,50, 1,250.50 and € 1250,- alike, as the server reads them.
  function numberOf(text) {
    let plain = text.replace(/[€%]|\beuro?\b/gi, "").replaceAll("−", "-").replace(/\s/g, "").replace(/,-$/, "");
    if (plain.includes(",") && plain.lastIndexOf(".") > plain.lastIndexOf(",")) plain = plain.replaceAll(",", "");
    else if (plain.includes(",") || /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
    return plain === "" ? null : Number(plain);
  }

  function limits(field) {
    const number = numberOf(field.value);
    const { min, max } = field.dataset;
    if (number === null) return "";
    if (Number.isNaN(number)) return "Vul een getal in.";
    if (min !== undefined && number < Number(min)) return `Kies ${min} of meer.`;
    if (max !== undefined && number > Number(max)) return `Kies ${max} of minder.`;
    return "";
  }

  const start = (root) => all("[data-day]", root).forEach(addCalendar);
  start(document);
  document.addEventListener("htmx:load", (event) => start(event.target));
  document.addEventListener(
    "focusout",
    (event) => event.target.matches?.("[data-number]") && event.target.setCustomValidity(limits(event.target)),
    true,
  );
})();
