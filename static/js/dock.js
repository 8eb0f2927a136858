/* The dock: the camera finds a carton by its label, and a count waits for the connection. The page works without this file.
 * The reader of labels (npm barcode-detector) is loaded when the camera is first used, unless the browser has one. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-arrival]");
  const scanner = document.querySelector("[data-scanner]");
  if (!form || !scanner) return;
  const [button, said, video] = ["[data-scan]", "[data-said]", "video"].map((part) => scanner.querySelector(part));
  let waiting, stream, reader;

  /* Marked cartons stay open, also after a draft was put back. */
  form.querySelectorAll(".carton input:checked").forEach((box) => { if (box.value) box.closest("details").open = true; });

  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    form.querySelector("[data-waits]").hidden = false;
    if (!waiting) window.addEventListener("online", () => form.requestSubmit(waiting), { once: true });
    waiting = event.submitter;
  });

  function load(address) {
    return new Promise((done, failed) => {
      document.head.append(Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed }));
    });
  }

  async function labelReader() {
    const formats = { formats: ["qr_code"] };
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return new BarcodeDetector(formats);
    await load(scanner.dataset.library);
    BarcodeDetectionAPI.prepareZXingModule({ overrides: { locateFile: () => scanner.dataset.wasm } });
    return new BarcodeDetectionAPI.BarcodeDetector(formats);
  }

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    button.hidden = false;
  }

  /* Our labels hold an address that ends in ?box=CT-2020-0007. */
  function cartonOf(text) {
    const found = /[?&]box=(CT-[0-9-]+)/.exec(text);
    return found && document.getElementById(found[1]);
  }

  async function look() {
    if (!stream) return;
    const codes = video.readyState < 2 ? [] : await reader.detect(video);
    const carton = codes.map((code) => cartonOf(code.rawValue)).find(Boolean);
    if (!carton) {
      said.textContent = codes.length ? scanner.dataset.unknown : scanner.dataset.looking;
      setTimeout(look, 150);
      return;
    }
    stop();
    said.textContent = scanner.dataset.found.replace("%s", carton.dataset.number);
    carton.open = true;
    carton.querySelector("input").focus();
  }

  async function start() {
    try {
      button.hidden = true;
      said.textContent = scanner.dataset.looking;
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      reader = reader || await labelReader();
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      await look();
    } catch (error) {
      stop();
      said.textContent = scanner.dataset.failed;
    }
  }

  if (navigator.mediaDevices) button.hidden = false;
  button.addEventListener("click", start);
  window.addEventListener("pagehide", stop);
})();
