/* Small comforts for the officers' pages. Everything works without this file. */
(() => {
  "use strict";

  const root = document.documentElement;
  const quick = { credentials: "same-origin", keepalive: true };

  /* The theme changes at once; the server keeps the choice in a cookie. */
  function changeTheme(event) {
    const button = event.submitter;
    if (!button || !event.target.matches("form.theme")) return;
    event.preventDefault();
    root.dataset.bsTheme = button.value;
    const body = new FormData(event.target);
    body.set("theme", button.value);
    fetch(event.target.action, { ...quick, method: "POST", body });
    event.target.querySelector(`.to-${button.value === "dark" ? "light" : "dark"}`).focus();
  }

  /* Menus are <details>: they close on Escape, on a click elsewhere, and when focus leaves them. */
  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = menu === except; });
  }

  /* Escape closes a menu, Ctrl-K searches. Single keys work outside fields, unless the person turned them off. */
  const singleKeys = {
    "/": () => {
      const box = [...document.querySelectorAll("[data-find]")].find((one) => one.offsetParent);
      box?.[box.href ? "click" : "focus"]();
    },
    "?": showKeys,
    j: () => nextRow(1), k: () => nextRow(-1),
  };
  let before = "";
  function shortcuts(event) {
    const { key } = event, held = event.ctrlKey || event.metaKey;
    const open = document.querySelector("details[data-menu][open]");
    if (key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
    const typing = event.altKey || event.isComposing || event.target.closest("input, textarea, select, dialog");
    const alone = "singleKeys" in document.body.dataset && !held && !typing;
    const place = alone && before === "g" && document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    before = alone ? key : "";
    const does = place ? () => place.click() : singleKeys[alone ? key : held && key === "k" ? "/" : ""];
    if (does) { event.preventDefault(); does(); }
  }

  /* The rows of a page are those of its lists and tables. The link of the chosen row has the focus: Enter opens it. */
  function nextRow(step) {
    const rows = [...document.querySelectorAll("main tbody tr, main .rows > li")].filter((row) => row.offsetParent);
    const links = rows.map((row) => row.querySelector("a[href]")).filter(Boolean);
    const now = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
    links[Math.max(0, Math.min(links.length - 1, now + step))]?.focus();
  }

  /* The sheet of keys is a page; the key shows its list in a dialog. */
  async function showKeys() {
    const sheet = document.querySelector("dialog.keys");
    const answer = await fetch(sheet.dataset.from, { ...quick, headers: { "HX-Request": "true" } });
    sheet.querySelector("div").innerHTML = await answer.text();
    sheet.showModal();
  }

  /* A form is sent once: its button rests while the answer is on its way. */
  function restButton(event) {
    const button = event.submitter;
    if (event.defaultPrevented || !button || event.target.method !== "post") return;
    [0, 8000].forEach((after) => setTimeout(() => { button.disabled = !after; }, after));
  }

  /* The browser's own calendar, for the box where a day is typed. */
  function openCalendar(button) {
    const [box, native] = button.parentElement.querySelectorAll("input");
    native.onchange = () => {
      box.value = native.value;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.focus();
    };
    if (/^\d{4}-\d{2}-\d{2}$/.test(box.value)) native.value = box.value;
    native.showPicker();
  }

  /* Texts to carry elsewhere ("copy for WeChat"). The words of the button say that it is done. */
  async function copyText(button) {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.innerText.trim());
    const words = button.querySelector("[data-words]") || button;
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 4000);
  }

  function clicked(event) {
    closeMenus(event.target.closest("details[data-menu]"));
    const button = event.target.closest("[data-calendar], [data-copy], [data-print]");
    if (button?.matches("[data-calendar]")) openCalendar(button);
    if (button?.matches("[data-copy]")) copyText(button);
    if (button?.matches("[data-print]")) window.print();
  }

  /* What arrives, at first or by htmx: show what needs this file, and lead the reader to what went wrong. */
  function arrived(part) {
    const able = ["[data-print]"];
    if ("showPicker" in HTMLInputElement.prototype) able.push("[data-calendar]");
    if (navigator.clipboard) able.push("[data-copy]");
    part.querySelectorAll(able.join()).forEach((button) => { button.hidden = false; });
    part.querySelector("[data-focus]")?.focus();
    if (part.id === "main") exchanged(part);
  }

  /* After a move in place, focus goes to the sentence that says what happened, so that it is read out and seen. */
  function exchanged(main) {
    const told = main.querySelector("#refused, #messages .note") || main;
    told.tabIndex = -1;
    told.focus();
  }

  /* Another page in the answer (signed out meanwhile, for instance) is opened as a page of its own. */
  function isElsewhere({ target, xhr }) {
    const there = xhr.responseURL && new URL(xhr.responseURL).pathname;
    return target.id === "main" && xhr.status === 200 && there !== location.pathname;
  }

  /* Filters apply as soon as a list is chosen from or a slider let go; typing waits for Enter. */
  function filterChanged(event) {
    const form = event.target.closest(".filters form");
    if (form && event.target.matches("select, [type=range]")) form.requestSubmit();
  }

  document.addEventListener("submit", changeTheme);
  document.addEventListener("submit", restButton);
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", shortcuts);
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("htmx:load", (event) => arrived(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isElsewhere(event.detail)) {
      event.detail.shouldSwap = false;
      location.assign(event.detail.xhr.responseURL);
    }
    /* A refusal is an answer with words in it: show it where the result would have stood. */
    if ([403, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[disabled][type=submit]").forEach((button) => { button.disabled = false; });
  });
  arrived(document);
})();
