// Uploads: the file goes straight to the API with its progress shown, and a message says on any page when it is read.
(function () {
  const ecap = (window.ecap = window.ecap || {});
  const setProps = (...args) => window.dash_clientside.set_props(...args);
  const cookie = (name) => (document.cookie.match(`(?:^|; )${name}=([^;]+)`) || [])[1];
  const URL = "/api/v1/uploads/", WATCHED = "ecap-upload", WATCH_MS = 5000;
  let sending = null;

  const size = (bytes) => (bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);
  const left = (seconds) => (seconds < 60 ? `about ${Math.max(1, Math.round(seconds))} s left` : `about ${Math.round(seconds / 60)} min left`);

  function show(isSending, problem = "") {
    setProps("upload-sending", { hidden: !isSending });
    setProps("upload-drop", { hidden: isSending });
    setProps("upload-send-problem", { children: problem, className: problem ? "field-error" : "" });
  }
  function progress(file, sent, started) {
    const share = file.size ? sent / file.size : 1, passed = (Date.now() - started) / 1000;
    setProps("upload-send-name", { children: `Sending ${file.name}` });
    setProps("upload-send-bar", { style: { width: `${(share * 100).toFixed(1)}%` } });
    setProps("upload-send-words", { children: share < 1 ? `${size(sent)} of ${size(file.size)} sent` : "Sent. Looking through it" });
    setProps("upload-send-left", { children: passed > 2 && share > 0.02 && share < 1 ? left((passed * (1 - share)) / share) : "" });
  }
  const renew = () => fetch("/auth/refresh", { method: "POST", credentials: "same-origin", headers: { "X-CSRF-TOKEN": cookie("csrf_refresh_token") || "" } });

  // A sign-in may run out while a person looks for the file: renew it once, then send again.
  function send(file, again = true) {
    const request = new XMLHttpRequest(), form = new FormData(), started = Date.now();
    sending = request;
    form.append("file", file, file.name);
    request.open("POST", URL);
    request.setRequestHeader("X-CSRF-TOKEN", cookie("csrf_access_token") || "");
    request.upload.onprogress = (event) => progress(file, Math.min(event.loaded, file.size), started);
    request.onerror = () => show(false, "The connection was lost. Nothing was stored. Choose the file once more.");
    request.onabort = () => show(false);
    request.onload = async () => {
      if (request.status === 401 && again && (await renew()).ok) { send(file, false); return; }
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page: the status says enough */ }
      if (request.status === 201) setProps("upload-id", { data: answer.id });
      else show(false, answer.detail || `The file was not accepted (${request.status}).`);
    };
    show(true);
    progress(file, 0, started);
    request.send(form);
  }

  async function example() {
    const answer = await fetch("/app/assets/example-events.csv");
    send(new File([await answer.blob()], "example-events.csv", { type: "text/csv" }));
  }
  function choose() {
    const input = document.createElement("input");
    input.type = "file"; input.accept = ".csv,.tsv,.txt,.gz,text/csv,application/gzip";
    input.onchange = () => { if (input.files.length) send(input.files[0]); };
    input.click();
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-upload]")?.dataset.upload;
    if (act === "choose") choose();
    if (act === "example") example();
    if (act === "stop") sending?.abort();
  });
  // Dropped beside the zone a file would replace the page: on the upload page it never does.
  const zone = () => document.getElementById("upload-drop");
  document.addEventListener("dragover", (event) => { if (zone()) { event.preventDefault(); zone().classList.toggle("is-over", Boolean(event.target.closest("#upload-drop"))); } });
  document.addEventListener("dragleave", () => zone()?.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    if (!zone()) return;
    event.preventDefault(); zone().classList.remove("is-over");
    const file = event.dataTransfer.files[0];
    if (file) send(file);
  });

  // The page that shows the progress names the upload; every other page asks how it stands until it is done.
  const watched = () => JSON.parse(sessionStorage.getItem(WATCHED) || "null");
  function say(upload) {
    const link = document.createElement("a"), note = document.createElement("div"), word = document.createElement("span");
    const words = { done: `${upload.filename} is read`, failed: `${upload.filename} could not be read`, undone: `${upload.filename} was taken back`, received: `${upload.filename} was stopped` };
    note.className = "note"; word.textContent = words[upload.state] || upload.filename; link.textContent = "See it"; link.href = `/app/data/upload?id=${upload.id}`;
    if (upload.state === "failed") note.dataset.stays = "true";
    note.append(word, link);
    document.getElementById("said")?.append(note);
  }
  async function watch() {
    const here = document.querySelector("[data-upload-watch]");
    if (document.querySelector("[data-upload-seen]")) { sessionStorage.removeItem(WATCHED); return; }
    if (here) { sessionStorage.setItem(WATCHED, JSON.stringify({ id: here.dataset.uploadWatch })); return; }
    const now = watched();
    if (!now || document.hidden) return;
    const answer = await fetch(URL + now.id, { credentials: "same-origin" });
    if (answer.status === 401) return;
    const upload = answer.ok ? await answer.json() : null;
    if (upload && ["waiting", "reading", "storing", "undoing"].includes(upload.state)) return;
    sessionStorage.removeItem(WATCHED);
    if (upload && !document.querySelector(".upload-page")) say(upload);
  }
  setInterval(watch, WATCH_MS);
  // A job of a second is over before the next look: note it when its progress appears.
  new MutationObserver(() => { if (document.querySelector("[data-upload-watch]") ? !watched() : document.querySelector("[data-upload-seen]") && watched()) watch(); }).observe(document.documentElement, { childList: true, subtree: true });

  Object.assign((window.dash_clientside = window.dash_clientside || {}).ecap = window.dash_clientside.ecap || {}, {
    goToShop(to) { if (to) ecap.switchShop(to.tenant, to.path); return window.dash_clientside.no_update; },
  });
})();
