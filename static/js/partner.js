/* Comforts for a contact's phone: nothing typed is lost, photos are made small before they travel, one request per file.
 * The form works without this file. Written for Chrome 88 and iOS 14. */
(function () {
  "use strict";

  var LONGEST = 1600; // pixels of a photo's longer side: a business licence stays readable

  /* ---- drafts: kept on this phone, restored into empty fields, forgotten when the receipt page says so ---- */

  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(hidden|file|password|submit|button)$/.test(field.type) && !field.closest(".honeypot");
    });
  }

  function restore(form, kept) {
    fields(form).forEach(function (field) {
      var known = kept[field.name];
      if (known === undefined) return;
      if (field.type === "radio" || field.type === "checkbox") field.checked = known.indexOf(field.value) >= 0;
      else if (!field.value) field.value = known[0];
    });
  }

  function keep(form, key) {
    var values = {};
    fields(form).forEach(function (field) {
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) return;
      if (field.value) (values[field.name] = values[field.name] || []).push(field.value);
    });
    try { localStorage.setItem(key, JSON.stringify(values)); } catch (error) { return; }
    var line = document.querySelector("[data-draft-saved]");
    if (!line) return;
    var now = new Date();
    var time = ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
    line.textContent = line.dataset.draftSaved.replace("%s", time);
  }

  function startDraft(form) {
    var key = "draft:" + form.dataset.draft;
    var timer;
    if (!form.querySelector(".field-error")) restore(form, read(key));
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () { keep(form, key); }, 400);
    });
  }

  /* ---- photos ---- */

  function shrink(file) {
    return new Promise(function (done) {
      if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return done(file);
      var picture = new Image();
      picture.onerror = function () { done(file); };
      picture.onload = function () {
        var part = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.naturalWidth * part);
        canvas.height = Math.round(picture.naturalHeight * part);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(picture.src);
        canvas.toBlob(function (blob) {
          var smaller = blob && blob.size < file.size;
          done(smaller ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      };
      picture.src = URL.createObjectURL(file);
    });
  }

  function row(input, file) {
    var item = document.createElement("li");
    var name = document.createElement("span");
    var bar = document.createElement("progress");
    name.textContent = file.name;
    name.className = "what";
    bar.max = 100;
    bar.setAttribute("aria-label", file.name);
    item.append(name, bar);
    document.getElementById(input.dataset.list).append(item);
    return { item: item, bar: bar };
  }

  function said(line, words, good) {
    var span = document.createElement("span");
    span.className = good ? "good-text" : "bad-text";
    span.textContent = words;
    line.bar.replaceWith(span);
  }

  /* One request per file: it answers 201 with {"id": …}, which the form carries on, or a problem with a title. */
  function send(input, file, line) {
    var form = input.form;
    var request = new XMLHttpRequest();
    var body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("file", file);
    request.open("POST", input.dataset.upload);
    request.responseType = "json";
    request.upload.onprogress = function (event) { line.bar.value = (100 * event.loaded) / event.total; };
    request.onerror = function () { retry(input, file, line); };
    request.onload = function () {
      if (request.status !== 201) return said(line, (request.response && request.response.title) || input.dataset.failed, false);
      var hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = input.dataset.uploadName || "files";
      hidden.value = request.response.id;
      form.append(hidden);
      said(line, input.dataset.done, true);
    };
    request.send(body);
  }

  /* The line went dead: the file waits here and goes when the connection is back, or when its button is pressed. */
  function retry(input, file, line) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-plain btn-sm";
    button.textContent = input.dataset.again;
    line.item.append(button);
    function again() {
      window.removeEventListener("online", again);
      button.remove();
      line.bar.removeAttribute("value");
      send(input, file, line);
    }
    button.addEventListener("click", again);
    window.addEventListener("online", again);
  }

  function startUploads(input) {
    input.addEventListener("change", function () {
      var chosen = Array.prototype.slice.call(input.files);
      input.value = "";
      chosen.forEach(function (file) {
        var line = row(input, file);
        shrink(file).then(function (small) { send(input, small, line); });
      });
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(startDraft);
  document.querySelectorAll("input[type=file][data-upload]").forEach(startUploads);
  document.querySelectorAll("[data-forget-draft]").forEach(function (part) {
    try { localStorage.removeItem("draft:" + part.dataset.forgetDraft); } catch (error) { /* nothing was kept */ }
  });
  var wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();
})();
