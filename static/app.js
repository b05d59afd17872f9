// Comfort on top of pages that work without script: copy, print, a warning before the page with
// the codes is left, focus, and no form sent twice. Only attributes of the page steer it:
//
//   button[data-copy="#id"][data-copied="…"]  copies the text of #id; data-copy-failed is optional
//   button[data-print]                        prints
//   [data-warn-on-leave]                      leaving asks, until a form[data-leave-ok] is sent
//   form[data-download]                       answers with a file, in a tab of its own
//   [data-once="/address"]                    is emptied when the page goes into the browser's
//                                             page cache; coming back from it leads to the address
//   [data-autofocus]                          gets the focus, the first one only
//   #live                                     receives announcements
"use strict";

(() => {
  const all = (selector) => document.querySelectorAll(selector);

  // A screen reader repeats nothing unless the text changes, so it is emptied first.
  const announce = (text) => {
    const live = document.getElementById("live");
    if (!live || !text) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 60);
  };

  // ---- Copy ----------------------------------------------------------------------------
  const textOf = (source) => ("value" in source ? source.value : source.textContent).trim();

  // navigator.clipboard exists on https and localhost only.
  const copyByCommand = (text) => {
    const field = document.createElement("textarea");
    const focused = document.activeElement;
    field.className = "visually-hidden";
    field.setAttribute("aria-hidden", "true");
    field.readOnly = true;
    field.value = text;
    document.body.append(field);
    field.select();
    field.setSelectionRange(0, text.length);
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByCommand(text);
    }
  };

  // When no way works, the text is shown and selected: the person copies it by hand.
  const offerByHand = (source) => {
    source.hidden = false;
    const selection = getSelection();
    selection.removeAllRanges();
    if ("select" in source) source.select();
    else selection.selectAllChildren(source);
  };

  for (const button of all("button[data-copy]")) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) continue;
    const label = button.textContent;
    let timer;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!(await copy(textOf(source)))) {
        offerByHand(source);
        announce(button.dataset.copyFailed);
        return;
      }
      announce(button.dataset.copied);
      button.textContent = button.dataset.copied || label;
      clearTimeout(timer);
      timer = setTimeout(() => { button.textContent = label; }, 4000);
    });
  }

  // ---- Print ----------------------------------------------------------------------------
  for (const button of all("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // ---- Leaving the page with the codes ---------------------------------------------------
  const warned = document.querySelector("[data-warn-on-leave]");
  let mayLeave = false;
  if (warned) {
    addEventListener("beforeunload", (event) => {
      if (mayLeave) return;
      event.preventDefault();
      event.returnValue = warned.dataset.warnOnLeave;
      // Runs only if the person stays: a form that asked to leave can be sent again.
      setTimeout(releaseForms, 1000);
    });
  }

  // ---- No form is sent twice -------------------------------------------------------------
  const sent = new Set();
  const buttonsOf = (form) => [...form.elements].filter((e) => e.matches("button, input[type=submit]"));

  function releaseForms() {
    for (const form of sent) {
      for (const button of buttonsOf(form)) button.disabled = false;
    }
    sent.clear();
    mayLeave = false;
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    if ("leaveOk" in form.dataset) mayLeave = true;
    // After the browser has read the form, so that the pressed button's value is sent too.
    setTimeout(() => {
      for (const button of buttonsOf(form)) button.disabled = true;
    });
    // A stopped or failed request leaves the page standing; it must not stay locked.
    setTimeout(releaseForms, "download" in form.dataset ? 2000 : 15000);
  });

  // ---- Back from the page cache ----------------------------------------------------------
  addEventListener("pagehide", (event) => {
    if (event.persisted) for (const element of all("[data-once]")) element.replaceChildren();
  });
  addEventListener("pageshow", (event) => {
    releaseForms();
    const once = document.querySelector("[data-once]");
    if (event.persisted && once) {
      mayLeave = true;
      location.replace(once.dataset.once);
    }
  });

  // ---- The list of offices closes like a menu --------------------------------------------
  const closeMenus = (except) => {
    for (const menu of all(".office-switcher details[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  };
  for (const kind of ["click", "focusin"]) addEventListener(kind, (event) => closeMenus(event.target));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector(".office-switcher details[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // ---- Focus -----------------------------------------------------------------------------
  document.querySelector("[data-autofocus]")?.focus();

  // ---- What stands on the page as it comes is read to nobody until it changes --------------
  announce(document.querySelector(".notice[role=status]")?.innerText);
})();
