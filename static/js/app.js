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
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  /* Escape closes a menu. Ctrl-K, or a slash outside a text field, leads to the search. */
  function shortcuts(event) {
    const open = document.querySelector("details[data-menu][open]");
    if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
    const slash = event.key === "/" && !event.target.closest("input, textarea, select");
    const wanted = slash || ((event.ctrlKey || event.metaKey) && event.key === "k");
    const box = wanted && [...document.querySelectorAll("[data-find]")].find((one) => one.offsetParent);
    if (!box) return;
    event.preventDefault();
    if (box.href) box.click(); else box.focus();
  }

  /* A form is sent once: its button rests while the answer is on its way. */
  function restButton(event) {
    const button = event.submitter;
    if (event.defaultPrevented || !button || event.target.method !== "post") return;
    setTimeout(() => { button.disabled = true; }, 0);
    setTimeout(() => { button.disabled = false; }, 8000);
  }

  /* The browser's own calendar, for the box where a day is typed. */
  function openCalendar(button) {
    const box = button.parentElement.querySelector("input");
    let native = button.parentElement.querySelector(".native");
    if (!native) {
      native = document.createElement("input");
      native.type = "date";
      native.className = "native";
      native.tabIndex = -1;
      native.setAttribute("aria-hidden", "true");
      native.addEventListener("change", () => {
        box.value = native.value;
        box.dispatchEvent(new Event("change", { bubbles: true }));
        box.focus();
      });
      button.after(native);
    }
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
