// Keys and small conveniences. Every page also works as plain forms without this file. No key acts while a Vietnamese
// input method is composing (isComposing, key code 229), and no plain letter is ever a shortcut inside a field.
(() => {
  "use strict";
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const inField = (node) => node instanceof Element && node.closest("input, textarea, select") !== null;

  // The Enter that ends a composition writes the word and sends no form, whatever the browser makes of it.
  document.addEventListener("keydown", (event) => {
    if (composing(event) && event.key === "Enter" && event.target.matches?.("input")) event.preventDefault();
  }, true);

  // Other keys for the same acts, chosen on the help page and kept in this browser: a pressed key is passed on as the key it stands for.
  const CHANGEABLE = ["F2", "F4", "F8", "F9"];
  const chosenKeys = () => JSON.parse(localStorage.getItem("keys") || "{}");
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted || composing(event) || event.ctrlKey || event.altKey || event.shiftKey || event.target.matches?.("select")) return;
    const chosen = chosenKeys();
    const act = CHANGEABLE.find((key) => (chosen[key] || key) === event.key);
    if (act === event.key || (!act && !CHANGEABLE.includes(event.key))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (act) event.target.dispatchEvent(new KeyboardEvent("keydown", { key: act, bubbles: true, cancelable: true, repeat: event.repeat }));
  }, true);
  // What stands on buttons, in hints and in the help list is the key that is pressed. The key that an act was written with stays in `data-act`.
  const written = new WeakMap();
  const keyed = (text) => text.replace(/\bF[2489]\b/g, (key) => chosenKeys()[key] || key);
  const nameKeys = (root) => {
    for (const one of root.querySelectorAll("main [aria-keyshortcuts]")) {
      one.dataset.act ||= one.getAttribute("aria-keyshortcuts");
      one.setAttribute("aria-keyshortcuts", keyed(one.dataset.act));
    }
    for (const place of root.querySelectorAll("main :is(kbd, .hint)")) {
      for (const node of place.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE) continue;
        if (!written.has(node)) written.set(node, node.data);
        const now = keyed(written.get(node));
        if (node.data !== now) node.data = now;
      }
    }
  };
  document.addEventListener("htmx:afterSwap", () => nameKeys(document));
  const showKeys = () => {
    const boxes = [...document.querySelectorAll("select[data-keymap]")];
    const show = () => { for (const box of boxes) box.value = chosenKeys()[box.dataset.keymap] || box.dataset.keymap; };
    for (const box of boxes) box.addEventListener("change", () => {
      const before = chosenKeys();
      const own = before[box.dataset.keymap] || box.dataset.keymap;
      const now = Object.fromEntries(CHANGEABLE.map((key) => [key, (before[key] || key) === box.value ? own : before[key] || key]));
      now[box.dataset.keymap] = box.value;
      localStorage.setItem("keys", JSON.stringify(now));
      show();
      nameKeys(document);
    });
    show();
    nameKeys(document);
  };

  // A browser says "No file chosen" in its own language: the words beside the button are ours.
  document.addEventListener("change", (event) => {
    const said = event.target.matches?.("input[type=file]") && event.target.parentElement.querySelector(".chosen-files");
    if (said) said.textContent = [...event.target.files].map((one) => one.name).join(", ") || said.dataset.none;
  });

  const focusFirst = () => {
    const spot = document.querySelector("[data-focus]") || document.querySelector("[data-first]");
    if (spot) spot.focus();
    const here = document.querySelector("nav [aria-current]"); // on a phone the menu is one line that scrolls
    if (here) here.closest("ul").scrollLeft = here.offsetLeft - 40;
  };

  // The server of this office is away: an open page says so, and holds what is typed until it answers again.
  const awayBar = () => document.getElementById("away");
  const isAway = () => awayBar()?.hidden === false;
  const setAway = (is) => {
    const bar = awayBar();
    if (!bar || bar.hidden === !is) return;
    const said = bar.querySelector("p");
    if (is) said.textContent = said.dataset.says.replace("{at}", new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }));
    bar.hidden = !is;
    document.getElementById("bar").hidden = is;
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => setAway(true));
  document.addEventListener("htmx:beforeSwap", () => setAway(false));
  document.addEventListener("submit", (event) => {
    if (!isAway()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target: form, submitter } = event;
    fetch("/health/live", { cache: "no-store" }).then(() => { setAway(false); form.requestSubmit(submitter); }, () => awayBar().focus());
  }, true);

  // A form sent twice by an impatient finger is one request.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") === "/logout") sessionStorage.clear();
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  // Whoever has sent a form goes where its answer leads: a part that refreshes itself meanwhile and finds the session ended leads nowhere.
  // A slow answer takes its time; one that opens no page (a file to keep) holds the way to the door back for a minute.
  let sentAt = -Infinity;
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) sentAt = performance.now(); });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401 && performance.now() - sentAt < 60_000) event.preventDefault();
  });

  // Review: the active field's box on the page, the page scrolled to it; a list of workers has a page of its own above its rows.
  const paneOf = (value) => (value.closest(".listed") || document).querySelector(".paper");
  const mark = (value) => {
    for (const box of document.querySelectorAll(".paper rect.active")) box.classList.remove("active");
    const pane = paneOf(value);
    const box = pane?.querySelector(`rect[data-field="${CSS.escape(value.dataset.field)}"]`);
    if (!box) return;
    box.classList.add("active");
    const at = box.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    pane.scrollBy(at.left + at.width / 2 - frame.left - pane.clientWidth / 2, at.top + at.height / 2 - frame.top - pane.clientHeight / 2);
  };
  const values = () => [...document.querySelectorAll(".value input[type=text]")];
  const rowOf = (input) => [...(input.closest("tr")?.querySelectorAll("input[type=text]") || [])];
  const isBlank = (input) => rowOf(input).every((one) => one.value.trim() === "");
  const addRow = (name) => {
    const body = document.querySelector(".listed tbody");
    const row = document.querySelector("template[data-row-template]").content.querySelector("tr").cloneNode(true);
    const number = body.rows.length + 1;
    const chance = [...crypto.getRandomValues(new Uint8Array(3))].map((one) => one.toString(16).padStart(2, "0")).join("");
    const real = name || "r" + String(number).padStart(3, "0") + "-" + chance;
    row.querySelector("th").textContent = number;
    for (const one of [row, ...row.querySelectorAll("*")]) {
      for (const { name: key, value } of [...one.attributes]) {
        if (value.includes("r999-ffffff")) one.setAttribute(key, value.replace("r999-ffffff", real));
        if (key === "aria-label") one.setAttribute(key, value.replace("0", number));
      }
    }
    return body.appendChild(row);
  };
  // Enter goes to the next doubtful value; in a row that is being typed to its next cell, from a full row to a new one.
  const next = (from, step) => {
    const all = values();
    const at = all.indexOf(from);
    let open = all[at - 1];
    if (step > 0 && from.dataset.new) {
      const row = rowOf(from);
      const isLast = from === row[row.length - 1];
      open = isBlank(from) ? null : all[at + 1] || (isLast ? addRow().querySelector("input[type=text]") : null);
    } else if (step > 0) {
      const after = all[at + 1];
      open = all.slice(at + 1).find((one) => one.dataset.stop) || (after && !after.closest(".listed") ? after : null);
    }
    if (open) { open.focus(); open.select(); } else { document.querySelector("[data-confirm]")?.focus(); }
  };
  const showCell = (value) => {
    const strip = document.querySelector("[data-cell-strip]");
    if (!strip || !value.closest(".listed")) return;
    const said = value.querySelector("[id^='t-']");
    document.querySelector("[data-cell-reason]").textContent = said ? said.textContent.trim() : "";
    strip.hidden = !value.dataset.box;
    if (strip.hidden) return;
    strip.dataset.box = value.dataset.box;
    const image = strip.querySelector("img");
    if (image.getAttribute("src") !== value.dataset.src) image.src = value.dataset.src;
    cutStrips();
  };
  document.addEventListener("focusin", (event) => {
    const value = event.target.closest?.(".value");
    if (value) { mark(value); showCell(value); }
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".paper rect");
    if (box) document.getElementById("f-" + box.dataset.field)?.focus();
    const add = event.target.closest?.("[data-add-row]");
    if (add) { event.preventDefault(); addRow().querySelector("input[type=text]").focus(); }
    const fill = event.target.closest?.("[data-fill]");
    if (fill) {
      const target = document.getElementById(fill.dataset.fill);
      target.value = fill.dataset.value;
      fill.closest(".found").replaceChildren();
      target.focus();
      document.body.dispatchEvent(new Event("chosen"));
    }
  });
  const reviewKey = (event) => {
    const value = event.target.closest?.(".value");
    if (!value) return false;
    const input = value.querySelector("input[type=text]");
    const seen = value.querySelector("input[data-seen]");
    switch (event.key) {
      case "Enter":
        if (event.ctrlKey) return false;
        if (seen) seen.checked = true;
        next(input, event.shiftKey ? -1 : 1);
        return true;
      case "F2": input.value = input.dataset.read || ""; return true;
      case "F4": paneOf(value)?.classList.toggle("zoomed"); mark(value); return true;
      case "F8": { const flag = value.querySelector("input[data-unreadable]"); flag.checked = !flag.checked; return true; }
      default: return false;
    }
  };
  // Checklist: F2 takes what is on file, F8 marks the row's paper as missing; one excludes the other.
  const partKey = (event) => {
    const part = event.target.closest?.("[data-part]");
    const box = part && { F2: part.querySelector("[data-take]"), F8: part.querySelector("[data-missing]") }[event.key];
    if (!box) return false;
    box.click();
    return true;
  };
  document.addEventListener("change", (event) => {
    const part = event.target.closest?.("[data-part]");
    if (!part || !event.target.checked) return;
    for (const box of part.querySelectorAll("input[type=checkbox]")) if (box !== event.target) box.checked = false;
  });
  // A box ticked while the list is being asked for anew stays as the clerk left it, where the new list still has that paper.
  const ticked = new Map();
  const paperOf = (box) => box?.labels?.[0]?.textContent;
  document.addEventListener("change", (event) => {
    for (const box of event.target.closest?.("[data-part]")?.querySelectorAll("input[id]") || []) {
      ticked.set(box.id, { paper: paperOf(box), checked: box.checked });
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.querySelector?.("[data-part]")) ticked.clear();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const [id, { paper, checked }] of ticked) {
      const box = event.target.querySelector?.(`[data-part] #${CSS.escape(id)}`);
      if (box && paperOf(box) === paper) box.checked = checked;
    }
  });
  // Cases: a key acts in the case that has the focus, the first where none has; F8 goes to the next and round again.
  const nextCase = (from) => {
    const all = [...document.querySelectorAll("[data-case]")];
    const to = from.contains(document.activeElement) ? all[(all.indexOf(from) + 1) % all.length] : from;
    (to.querySelector("[data-case-first]") || to.querySelector("a, button"))?.focus(); // what is filled in first, wherever links stand
    to.scrollIntoView({ block: "start" });
  };
  // Escape goes to the menu from anywhere, arrows walk along it, Escape again goes back to where the work was.
  let leftAt = null;
  const menuKey = (event) => {
    const links = [...document.querySelectorAll("nav a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape" && links.length && !event.target.matches?.("select")) {
      if (at >= 0) { (leftAt || document.getElementById("main")).focus(); return true; }
      leftAt = document.activeElement;
      (links.find((one) => one.hasAttribute("aria-current")) || links[0]).focus();
      return true;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return false;
    links[(at + step + links.length) % links.length].focus();
    return true;
  };
  // The tray: arrows choose a page (they are radio buttons), each act's button carries its key.
  const trayKey = (event) => {
    if (event.key === "Enter" && event.ctrlKey && document.querySelector("[data-tray]")) {
      document.querySelector("main [data-confirm]")?.click();
      return true;
    }
    const tray = event.target.closest?.("[data-tray]");
    if (!tray || event.target.matches("input[type=text], select, textarea")) return false;
    const name = (event.ctrlKey ? "Control+" : "") + (event.shiftKey ? "Shift+" : "") + event.key;
    const button = tray.querySelector(`button[data-act="${CSS.escape(name)}"]`);
    if (button && !event.repeat) button.click();
    return button !== null;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-send]") && event.target.files.length) event.target.form.requestSubmit();
    const large = document.querySelector("[data-large]");
    if (!large || !event.target.dataset?.view) return;
    large.className = "large turn-" + event.target.dataset.turns;
    large.querySelector("img").src = event.target.dataset.view;
  });
  document.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (menuKey(event)) { event.preventDefault(); return; }
    if (trayKey(event)) { event.preventDefault(); return; }
    if (partKey(event)) { event.preventDefault(); return; }
    const paper = event.target.closest?.(".listed")?.querySelector(".paper") || document.querySelector(".paper");
    if (paper && reviewKey(event)) { event.preventDefault(); return; }
    if (paper && event.key === "Enter" && event.ctrlKey) { event.preventDefault(); document.querySelector("[data-confirm]").click(); return; }
    if (paper && (event.key === "PageDown" || event.key === "PageUp")) {
      paper.scrollBy({ top: (event.key === "PageDown" ? 1 : -1) * paper.clientHeight * 0.9 });
      event.preventDefault();
      return;
    }
    if (/^F\d+$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.shiftKey) {
      const place = event.target.closest?.("[data-case]") || document.querySelector("[data-case]");
      if (place && event.key === "F8") { event.preventDefault(); nextCase(place); return; }
      const named = place?.querySelector(`button[data-act="${event.key}"]`) || document.querySelector(`main :is(button, a)[data-act="${event.key}"]`); // a button or link may name a function key
      if (named) { event.preventDefault(); if (!event.repeat) named.click(); return; }
    }
    if (event.key === "?" && !inField(event.target)) location.assign("/help");
  });

  // In a grid of many links the arrows walk, and only one of them is a stop of the tab key; "/" goes to the filter.
  document.addEventListener("keydown", (event) => {
    const filter = event.key === "/" && !inField(event.target) && document.querySelector("[data-key-slash]");
    if (filter) { event.preventDefault(); filter.focus(); return; }
    const cell = event.target.closest?.("[data-grid] > a");
    if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
    const cells = [...cell.parentElement.children];
    const columns = cells.filter((one) => one.offsetTop === cells[0].offsetTop).length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -cells.length, End: cells.length };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const at = cells.indexOf(cell) + steps[event.key];
    const next = cells[Math.min(cells.length - 1, Math.max(0, at))];
    cell.tabIndex = -1; next.tabIndex = 0; next.focus();
  });

  // A part that refreshes itself is only replaced when it really changed: what is unfolded or focused stays so.
  const shown = new WeakMap();
  const parsed = (text) => {
    const probe = document.createElement("template");
    probe.innerHTML = text;
    return probe.innerHTML.trim();
  };
  const rememberParts = () => {
    for (const part of document.querySelectorAll("[hx-get][hx-trigger^=every]")) shown.set(part, part.innerHTML.trim());
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (!shown.has(part) || event.detail.xhr.status !== 200) return;
    const now = parsed(event.detail.serverResponse);
    if (now === shown.get(part)) event.detail.shouldSwap = false;
    shown.set(part, now);
  });

  // A choice made between the question and its answer stays made.
  let chosenId = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    chosenId = event.detail.target.querySelector?.("input[type=radio]:checked")?.id || "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const chosen = chosenId && document.getElementById(chosenId);
    if (chosen) chosen.checked = true;
  });

  // A crop strip shows the box of its field, cut from the page image by position alone.
  const cutStrips = () => {
    for (const strip of document.querySelectorAll(".strip[data-box]")) {
      const [x, y, w, h, width] = strip.dataset.box.split(" ").map(Number);
      const image = strip.querySelector("img");
      const room = strip.parentElement.clientWidth || 400;
      const scale = Math.min(room / (w * 1.1), 67 / (h * 1.4), 1.6);
      image.style.width = width * scale + "px";
      image.style.left = -(x - w * 0.03) * scale + "px";
      image.style.top = -(y - h * 0.2) * scale + "px";
    }
  };

  // What is typed but not yet accepted survives an ended session: in this tab only, for forms that ask for it, until the
  // node has accepted it or the officer signs out. A sent form counts as accepted when neither the door nor an error follows.
  // The name is where the form is sent: an answer with an error stands at another address than the page, and it is the same draft.
  const draftKey = (form) => "draft:" + new URL(form.action).pathname + ":" + form.dataset.keep;
  const settleSent = () => {
    const sent = sessionStorage.getItem("sent");
    if (!sent) return;
    sessionStorage.removeItem("sent");
    const came = performance.getEntriesByType("navigation")[0]?.type;
    const isHere = [...document.querySelectorAll("form[data-keep]")].some((form) => draftKey(form) === sent);
    const isBack = isHere && (came === "back_forward" || came === "reload"); // no answer came: the node was away
    const isRefused = isBack || location.pathname === "/login" || document.querySelector(".error-summary, .has-error") !== null;
    if (!isRefused) sessionStorage.removeItem(sent);
  };
  const isChoice = (input) => input.type === "checkbox" || input.type === "radio";
  const isState = (input) => input.dataset.state !== undefined; // what the typed values were held against: kept with them, so that a colleague's newer word is noticed
  const isKept = (input) => isState(input) || (!["hidden", "password", "file"].includes(input.type) && !input.closest("#papers"));
  const nameOf = (input) => isChoice(input) ? input.name + "=" + input.value : input.name;
  const keep = () => {
    settleSent();
    for (const form of document.querySelectorAll("form[data-keep]")) {
      const held = JSON.parse(sessionStorage.getItem(draftKey(form)) || "{}");
      for (const name of Object.keys(held)) { // rows that were being added to a list
        const row = /^v-rows\/(r\d+-[0-9a-f]{6})\//.exec(name)?.[1];
        if (row && held[name] && document.querySelector("template[data-row-template]") && !document.querySelector(`tr[data-row="${row}"]`)) addRow(row);
      }
      for (const input of form.elements) {
        const was = held[nameOf(input)];
        if (was === undefined || !isKept(input) || input.dataset.told !== undefined || (isState(input) && document.querySelector(".error-summary"))) continue; // an answer brings its own
        if (isChoice(input)) input.checked = was; else if (input.tagName === "SELECT" || input.value === input.defaultValue) input.value = was;
      }
      if (Object.keys(held).length) document.body.dispatchEvent(new Event("chosen")); // what hangs on a restored choice is asked for again
      document.addEventListener("input", (event) => {
        if (event.target.form !== form) return;
        const now = {};
        for (const input of form.elements) if (isKept(input)) now[nameOf(input)] = isChoice(input) ? input.checked : input.value;
        sessionStorage.setItem(draftKey(form), JSON.stringify(now));
      });
      form.addEventListener("submit", () => sessionStorage.setItem("sent", draftKey(form)));
    }
  };

  document.addEventListener("DOMContentLoaded", () => { rememberParts(); focusFirst(); cutStrips(); keep(); showKeys(); });
  window.addEventListener("resize", cutStrips);
})();
