/* Small help on top of pages that work without it. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const csrf = () => $("[name=csrfmiddlewaretoken]")?.value ?? "";
  const post = (url, asked) =>
    fetch(url, { method: "POST", body: new URLSearchParams(asked), headers: { "X-CSRFToken": csrf() }, redirect: "manual" }).catch(() => null);
  const store = (() => {
    try {
      return window.localStorage;
    } catch {
      return null; // refused in a private window
    }
  })();

  // --- menus
  const menuButton = $("[data-menu]");
  menuButton?.addEventListener("click", () => {
    const open = $("#" + menuButton.getAttribute("aria-controls")).classList.toggle("open");
    menuButton.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("click", (event) => {
    all("details.tj-menu[open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-keys]")) showKeys();
    if (event.target.closest("[data-print]")) window.print();
  });

  // --- keys: Ctrl-K goes to search, the rest are single keys that can be switched off (WCAG 2.1.4)
  const keysDialog = $("#keys");
  const keysSwitch = $("#keys-on");
  const keysOn = () => store?.getItem("topjob-keys") !== "off";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  window.topjob = { $, all, csrf, store, keysOn, typing };
  function keyOf([name, text]) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    const does = document.createElement("dd");
    key.textContent = name;
    term.append(key);
    does.textContent = text;
    row.append(term, does);
    return row;
  }
  // What the rows of a list answer to (rows.js): said once, however many rows there are.
  function keysOfRows() {
    if (!$("[data-rows] [data-row]")) return [];
    const own = all("[data-row-key]").map((element) => [element.dataset.rowKey, element.dataset.keyLabel || element.textContent.trim()]);
    return [
      [$('[data-row-key="k"]') ? "j ↑ ↓" : "j k ↑ ↓", "Volgende of vorige rij"],
      ["Enter", "Rij openen"],
      ...($("[data-row] [data-select]") ? [["x", "Rij aankruisen"]] : []),
      ...new Map(own),
    ];
  }
  function showKeys() {
    if (!keysDialog || keysDialog.open) return;
    const onPage = all("[data-key]").map((element) => [element.dataset.key, element.dataset.keyLabel || element.textContent.trim()]);
    $("[data-key-list]", keysDialog).replaceChildren(...[...onPage, ...keysOfRows()].map(keyOf));
    keysDialog.showModal();
  }
  if (keysSwitch) {
    keysSwitch.checked = keysOn();
    keysSwitch.addEventListener("change", () => store?.setItem("topjob-keys", keysSwitch.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = $("details.tj-menu[open]");
      menu?.removeAttribute("open");
      if (menu) $("summary", menu).focus();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && $("[data-search]")) {
      event.preventDefault();
      $("[data-search]").select();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keysOn() || $("dialog[open]")) return;
    if (event.key === "?") return showKeys();
    const target = all("[data-key]").find((element) => element.dataset.key === event.key);
    if (!target) return;
    event.preventDefault();
    if (target.matches("a, button, summary")) target.click();
    else target.focus();
  });

  // --- what the search box finds while somebody types: arrow down goes into it, Escape or a click elsewhere closes it
  const found = $("[data-found]");
  document.addEventListener("click", (event) => event.target.closest(".tj-search") || found?.replaceChildren());
  found?.parentElement.addEventListener("keydown", (event) => {
    const first = $("a", found);
    if (event.key === "Escape") {
      found.replaceChildren();
      $("[data-search]").focus();
    } else if (event.key === "ArrowDown" && first && event.target.matches("[data-search]")) {
      event.preventDefault();
      first.focus();
    }
  });

  // --- error summary: focus, and links that reach the field itself
  $(".error-summary")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    const place = link && document.getElementById(link.hash.slice(1));
    if (!place) return;
    const field = place.matches("input, select, textarea") ? place : $("input, select, textarea", place);
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });

  // --- a word at the field when it is left; the server checks again
  function complaint(field) {
    const state = field.validity;
    if (state.valid || state.valueMissing) return "";
    if (state.customError) return field.validationMessage;
    if (state.typeMismatch && field.type === "email") return "Vul een geldig e-mailadres in, zoals naam@voorbeeld.nl.";
    if (state.tooLong) return `Gebruik hoogstens ${field.maxLength} tekens.`;
    return field.title || "Controleer wat hier staat.";
  }
  function say(field, text) {
    const id = field.id + "_check";
    let hint = document.getElementById(id);
    if (!text) {
      if (!hint) return;
      hint.remove();
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      return;
    }
    if (!hint) {
      hint = document.createElement("div");
      hint.id = id;
      hint.className = "invalid-feedback";
      hint.setAttribute("role", "status");
      field.after(hint);
      field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + id).trim());
    }
    hint.textContent = text;
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
  }
  // What only the server can tell: a day, a phone, a postcode.
  async function ask(field) {
    const value = field.value.trim();
    const answer = value && (await post("/veld/", { soort: field.dataset.check, waarde: value }));
    if (answer?.ok && field.value.trim() === value) say(field, (await answer.json()).said);
  }
  // Nothing moves under a mouse that presses: its click would be lost.
  let up;
  addEventListener("pointerdown", () => (up = new Promise((go) => addEventListener("pointerup", () => setTimeout(go), { once: true }))), true);
  document.addEventListener("focusout", async (event) => {
    const field = event.target;
    if (!field.matches?.(".form-control, .form-select") || !field.closest("form.tj-form")) return;
    await up;
    const text = complaint(field);
    say(field, text);
    if (!text && field.dataset.check) ask(field);
  });

  // --- one press is one submit; work that isn't saved asks before it is lost
  const changed = new Set();
  const guarded = (form) => form.method === "post" && !form.hasAttribute("data-no-guard");
  const release = (form) => {
    delete form.dataset.sent;
    all("[data-held]", form).forEach((button) => {
      button.removeAttribute("aria-disabled");
      delete button.dataset.held;
    });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!guarded(form)) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (form.saving) {
      event.preventDefault();
      return sendAfterSaving(form, event.submitter);
    }
    changed.delete(form);
    clearTimeout(form.autosaveTimer);
    all("button:not([type=button])", form).forEach((button) => {
      button.setAttribute("aria-disabled", "true");
      button.dataset.held = "1";
    });
    setTimeout(() => release(form), 10000); // a download leaves the page standing
  });
  document.addEventListener("htmx:afterRequest", () => all("form[data-sent]").forEach(release));
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  // Sent during a save, the form would look changed by somebody else.
  async function sendAfterSaving(form, submitter) {
    clearTimeout(form.autosaveTimer);
    await Promise.race([form.saving, new Promise((enough) => setTimeout(enough, 5000))]);
    form.saving = null;
    delete form.dataset.sent;
    form.requestSubmit(submitter);
  }

  // --- autosave: 1 s after the last key, at most 2 s after the first; one at a time
  const clock = () => new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
  function autosave(form) {
    const turn = Promise.resolve(form.saving)
      .then(() => form.dataset.sent || save(form))
      .finally(() => {
        if (form.saving === turn) form.saving = null;
      });
    form.saving = turn;
  }
  async function save(form) {
    const status = $("[data-autosave-status]", form);
    const data = new FormData(form);
    [...data].forEach(([name, value]) => value instanceof File && data.delete(name));
    form.autosaveSince = 0;
    changed.delete(form);
    let said = {};
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: data,
        headers: { "X-CSRFToken": csrf(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        redirect: "manual",
      });
      said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error();
      Object.entries(said.fields || {}).forEach(([name, value]) => {
        if (form.elements[name]) form.elements[name].value = value;
      });
      status?.classList.remove("failed");
      if (status) status.textContent = `opgeslagen ${said.saved_at || clock()}`;
    } catch {
      changed.add(form);
      status?.classList.add("failed");
      // Without a word the connection failed.
      if (status) status.textContent = said.why || "Nog niet opgeslagen. We proberen het zo weer.";
      if (!said.why && !form.dataset.sent) form.autosaveTimer = setTimeout(() => autosave(form), 5000);
    }
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !guarded(form)) return;
    if (form.hasAttribute("data-warn-unsaved")) changed.add(form);
    if (!form.dataset.autosaveUrl) return;
    const now = Date.now();
    form.autosaveSince ||= now;
    clearTimeout(form.autosaveTimer);
    form.autosaveTimer = setTimeout(() => autosave(form), Math.max(0, Math.min(1000, 2000 - (now - form.autosaveSince))));
  });

  // --- who else has this form open: asked often while it is typed in
  const presence = $("[data-presence]");
  let looked = 0;
  let typed = 0;
  async function look() {
    const now = Date.now();
    if (document.hidden || now - looked < (now - typed < 30000 ? 4000 : 20000)) return;
    looked = now;
    const answer = await post("/bezig/", { plek: presence.dataset.presence });
    const said = answer?.ok ? (await answer.json()).said : "";
    if (presence.textContent !== said) presence.textContent = said;
  }
  if (presence) {
    look();
    setInterval(look, 500);
    presence.closest("form").addEventListener("input", () => (typed = Date.now()));
  }

  // --- the session's end is said beforehand, with one press to stay
  const session = $("#session");
  let seconds = Number(document.body.dataset.sessionSeconds);
  if (session && seconds > 0) {
    const warnBefore = 300;
    let timer;
    const plan = () => {
      clearTimeout(timer);
      timer = setTimeout(() => session.open || session.showModal(), Math.max(0, seconds - warnBefore) * 1000);
    };
    $("[data-stay]", session).addEventListener("click", async () => {
      try {
        seconds = (await (await post(document.body.dataset.sessionUrl)).json()).seconds;
        session.close();
        plan();
      } catch {
        $("[data-stay-failed]", session).hidden = false;
      }
    });
    plan();
  }
})();
