/* Comforts for a contact's phone: nothing typed is lost, photos are made small before they travel, one request per file.
 * The form works without this file. Written for Chrome 88 and iOS 14. */
(() => {
  "use strict";

  const LONGEST = 1600; // pixels of a photo's longer side: a business licence stays readable
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  /* Drafts: kept on this phone, put back into empty fields, forgotten when the receipt page says so. A browser that keeps
   * nothing (private windows) throws; then there is no draft. */
  const store = (work) => { try { return work(localStorage); } catch (error) { return null; } };
  const ticks = (field) => field.type === "radio" || field.type === "checkbox";
  const kept = (form) => Array.from(form.elements).filter((field) =>
    field.name && !/^(hidden|file|password|submit|button)$/.test(field.type) && !field.closest(".honeypot"));

  function restore(form, values) {
    kept(form).filter((field) => values[field.name]).forEach((field) => {
      if (ticks(field)) field.checked = values[field.name].includes(field.value);
      else if (!field.value || field.value === field.defaultValue) field.value = values[field.name][0];
    });
  }

  function save(form, key) {
    const values = {};
    kept(form).filter((field) => field.value && (!ticks(field) || field.checked)).forEach((field) => {
      (values[field.name] = values[field.name] || []).push(field.value);
    });
    const line = document.querySelector("[data-draft-saved]");
    const saved = store((storage) => { storage.setItem(key, JSON.stringify(values)); return true; });
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    if (saved && line) line.textContent = line.dataset.draftSaved.replace("%s", time);
  }

  function startDraft(form) {
    const key = `draft:${form.dataset.draft}`;
    let timer;
    if (!form.querySelector(".field-error")) restore(form, store((storage) => JSON.parse(storage.getItem(key))) || {});
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => save(form, key), 400); });
  }

  async function shrink(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    const picture = new Image();
    picture.src = URL.createObjectURL(file);
    try { await picture.decode(); } catch (error) { return file; }
    const part = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
    const [width, height] = [picture.naturalWidth, picture.naturalHeight].map((side) => Math.round(side * part));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
    URL.revokeObjectURL(picture.src);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type }) : file;
  }

  function line(input, file) {
    const item = document.createElement("li");
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", file.name);
    item.append(file.name, " ", bar);
    document.getElementById(input.dataset.list).append(item);
    const say = (words, look) => bar.replaceWith(Object.assign(document.createElement("span"), { className: look, textContent: words }));
    return { item, bar, say };
  }

  /* One request per file: it answers 201 with {"id": …}, which the form carries on, or a problem with a title. */
  function send(input, file, shown) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", input.form.elements.csrfmiddlewaretoken.value);
    body.append("file", file);
    request.open("POST", input.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { shown.bar.value = (100 * event.loaded) / event.total; };
    request.onerror = () => waitForLine(input, file, shown);
    request.onload = () => {
      const answer = request.response || {};
      if (request.status !== 201) { shown.say(answer.title || input.dataset.failed, "bad-text"); return; }
      const value = { type: "hidden", name: input.dataset.uploadName || "files", value: answer.id };
      input.form.append(Object.assign(document.createElement("input"), value));
      shown.say(input.dataset.done, "good-text");
      if ("submit" in input.dataset) input.form.submit(); // what was read of a photo leads on at once
    };
    request.send(body);
  }

  /* The connection is gone: the file waits here and goes when it is back, or when its button is pressed. */
  function waitForLine(input, file, shown) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-plain btn-sm", textContent: input.dataset.again });
    const again = () => { if (button.isConnected) { button.remove(); send(input, file, shown); } };
    button.addEventListener("click", again);
    window.addEventListener("online", again, { once: true });
    shown.item.append(button);
  }

  function startUploads(input) {
    input.addEventListener("change", () => {
      const chosen = Array.from(input.files);
      input.value = "";
      chosen.forEach((file) => {
        const shown = line(input, file);
        shrink(file).then((small) => send(input, small, shown));
      });
    });
  }

  all("form[data-draft]").forEach(startDraft);
  all("input[type=file][data-upload]").forEach(startUploads);
  all("[data-forget-draft]").forEach((part) => store((storage) => storage.removeItem(`draft:${part.dataset.forgetDraft}`)));
  all("[data-focus]").slice(0, 1).forEach((part) => part.focus());
})();
