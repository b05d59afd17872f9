// What the suite asks a page beyond axe. Every check gives a list of findings, each a line of text.
"use strict";

window.hikae = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";

  const name = (element) => {
    const text = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 30);
    const id = element.id ? `#${element.id}` : "";
    return `<${element.localName}${id}${element.className && `.${element.className}`}> «${text}»`;
  };

  // Seen by eyes: laid out, not transparent, not one of the texts for screen readers alone.
  const clipped = (element) => element !== null && getComputedStyle(element).clipPath !== "none";
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !clipped(element.closest(".visually-hidden, .skip-link")) &&
    !clipped(element.closest("thead"));

  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

  // ---- axe -------------------------------------------------------------------------------
  const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const lines = (results, kind) => results.flatMap((rule) => rule.nodes.map((node) => {
    const why = node.any.concat(node.all, node.none).map((check) => check.message).join("; ");
    return `${kind}${rule.id} (${rule.impact}): ${node.target.join(" ")}: ${why}`;
  }));
  // `colours` asks only what another colour scheme can change: the rules about colour. `letter`
  // leaves out what pages have and mails have not: landmarks, and a way past the menu.
  const runAxe = async (what) => {
    const colours = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
    const everything = { runOnly: { type: "tag", values: TAGS }, rules: { "target-size": { enabled: true } } };
    const letter = { runOnly: { type: "tag", values: TAGS.filter((tag) => tag !== "best-practice") }, rules: { bypass: { enabled: false } } };
    const results = await axe.run(document, {
      ...{ everything, colours, letter }[what],
      resultTypes: ["violations", "incomplete"],
      iframes: false,
      preload: false,
    });
    return { broken: lines(results.violations, "axe "), unsure: lines(results.incomplete, "axe cannot tell: ") };
  };

  // ---- As it was loaded: errors are tied to their fields, and have the focus ---------------
  const errors = () => {
    const found = [];
    for (const field of all("[aria-invalid=true]")) {
      const ids = (field.getAttribute("aria-describedby") || "").split(" ");
      const texts = ids.map((id) => document.getElementById(id)).filter((e) => e?.matches(".field__error"));
      if (!texts.some((e) => e.textContent.trim())) found.push(`errors: no error describes ${name(field)}`);
    }
    for (const error of all(".field__error")) {
      if (!document.querySelector(`[aria-describedby~="${error.id}"]`)) found.push(`errors: nobody reads ${name(error)}`);
    }
    const summary = document.querySelector(".error-summary");
    if (summary && document.activeElement !== summary) found.push("errors: the summary has not got the focus");
    // A reader says the name of what gets the focus: it must hold every error.
    const named = (summary?.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id));
    const said = named.map((e) => e?.textContent || "").join(" ");
    for (const link of all(".error-summary a")) {
      if (!said.includes(link.textContent)) found.push(`errors: the summary's name leaves out ${name(link)}`);
    }
    return found;
  };

  // ---- Nothing wider than the window, nothing cut -------------------------------------------
  const width = () => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) found.push(`width: ${root.scrollWidth} px in a window of ${innerWidth}`);
    for (const element of all("body *").filter(seen)) {
      const box = element.getBoundingClientRect();
      if (box.width && (hasText(element) || element.matches(FOCUSABLE)) && (box.right > innerWidth + 1 || box.left < -1)) {
        found.push(`width: ${name(element)} from ${Math.round(box.left)} to ${Math.round(box.right)}`);
      }
    }
    return found;
  };

  const cut = () => {
    const found = [];
    for (const element of all("body *").filter(seen)) {
      const style = getComputedStyle(element);
      if (style.display === "inline" || element.matches("input, select, textarea, svg, svg *, details")) continue;
      const wide = element.scrollWidth - element.clientWidth > 1;
      const high = style.overflowY !== "visible" && element.scrollHeight - element.clientHeight > 1;
      if (wide || high) {
        const sizes = `${element.scrollWidth}×${element.scrollHeight} in ${element.clientWidth}×${element.clientHeight}`;
        found.push(`cut: ${name(element)} ${sizes}`);
      }
    }
    return found;
  };

  // The spacing that a reader may set (WCAG 1.4.12).
  const spaced = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
      p { margin-bottom: 2em !important; }`);
    const before = document.adoptedStyleSheets;
    document.adoptedStyleSheets = [...before, sheet];
    const found = [...width(), ...cut()].map((line) => `text spacing, ${line}`);
    document.adoptedStyleSheets = before;
    return found;
  };

  // ---- The focus is seen, and nothing covers it ----------------------------------------------
  const rgb = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = rgb(color).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if ((rgb(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };

  const focus = () => {
    const found = [];
    const focusable = all(FOCUSABLE).filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }));
    for (const element of focusable) {
      // A menu closes when the focus leaves it.
      if (!element.checkVisibility()) element.closest("details").open = true;
      element.focus();
      const say = (what) => found.push(`focus: ${what}: ${name(element)}`);
      if (document.activeElement !== element) { say("cannot be focused"); continue; }
      const style = getComputedStyle(element);
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) { say("no outline"); continue; }
      if (contrast(style.outlineColor, ground(element.parentElement)) < 3) say("faint outline");
      const box = element.getBoundingClientRect();
      // A link over two lines has two boxes; a tall field may reach out of a low window.
      const points = [...element.getClientRects()].flatMap((part) => {
        const [left, right] = [Math.max(part.left, 0), Math.min(part.right, innerWidth)];
        const [top, bottom] = [Math.max(part.top, 0), Math.min(part.bottom, innerHeight)];
        if (right - left < 4 || bottom - top < 4) return [];
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        return [[x, y], [left + 2, y], [right - 2, y], [x, top + 2], [x, bottom - 2]];
      });
      if (points.length === 0) { say("outside of the window"); continue; }
      const covered = points.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && !element.contains(top) && !top.contains(element);
      });
      if (covered) say("covered");
      const room = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) - 1;
      for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
        const outer = e.getBoundingClientRect();
        if (getComputedStyle(e).overflowX !== "visible" && (box.left - room < outer.left || box.right + room > outer.right)) {
          say("outline cut off");
          break;
        }
      }
    }
    return found;
  };

  // ---- Forced colours --------------------------------------------------------------------------
  const forced = () => {
    const found = [];
    for (const element of all("button, .button, input:not([type=hidden]), select, textarea").filter(seen)) {
      const style = getComputedStyle(element);
      const inner = ground(element);
      const outer = ground(element.parentElement);
      const edge = ["Top", "Bottom", "Left", "Right"].some((side) =>
        style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Color`] !== outer);
      const own = element.matches("[type=checkbox], [type=radio]");
      if (!edge && inner === outer && !own) found.push(`forced colours: no edge: ${name(element)}`);
    }
    const shape = (element) => {
      const style = getComputedStyle(element);
      return [style.textDecorationLine, style.borderBottomStyle, style.borderBottomColor, style.borderBottomWidth, style.backgroundColor, style.color].join();
    };
    for (const group of all(".tabs, .site-nav, .members__filters, .stepper, .language-switch")) {
      const [current, other] = [group.querySelector("[aria-current]"), group.querySelector("a:not([aria-current]), li:not([aria-current]), button:not([aria-current])")];
      if (!current || !other) continue;
      const before = (e) => getComputedStyle(e, "::before").backgroundColor;
      if (shape(current) === shape(other) && before(current) === before(other)) found.push(`forced colours: nothing marks the current ${name(current)}`);
    }
    return found;
  };

  // ---- No movement where none is wanted ----------------------------------------------------------
  const motion = () => {
    const moves = (element) => ["", "::before", "::after"].some((part) => {
      const style = getComputedStyle(element, part || null);
      return style.transitionDuration.split(",").some((time) => parseFloat(time) > 0) || style.animationName !== "none";
    });
    return all("body *").filter(moves).map((element) => `motion: ${name(element)}`);
  };

  // ---- Rules of the stylesheet that fit nothing here ------------------------------------------
  const STATES = /::[-\w]+|:(hover|focus-visible|focus-within|focus|disabled|active|checked)|\[(open|readonly|hidden)\]/g;
  const parts = (selector) => {
    let depth = 0;
    const split = [""];
    for (const c of selector) {
      depth += c === "(" ? 1 : c === ")" ? -1 : 0;
      if (c === "," && depth === 0) split.push("");
      else split[split.length - 1] += c;
    }
    return split.map((part) => part.trim());
  };
  const selectors = () => {
    const rules = (list) => [...list].flatMap((rule) => (rule.selectorText ? parts(rule.selectorText) : rules(rule.cssRules || [])));
    const sheet = [...document.styleSheets].find((own) => own.href.includes("/app"));
    return [...new Set(rules(sheet.cssRules))];
  };
  const fits = (selector) => {
    // A state is taken away, and what is left must be there.
    const plain = selector.replace(STATES, "").replace(/:not\([\s,]*\)|:is\([\s,]*\)/g, "") || "*";
    try {
      return document.querySelector(plain) !== null;
    } catch {
      return document.querySelector(plain.replace(/:not\(.*$/, "")) !== null;
    }
  };
  const unused = (left) => (left ?? selectors()).filter((selector) => !fits(selector));

  const unfold = () => all("details").map((details) => { details.open = true; }).length;

  return { runAxe, unfold, errors, width, cut, spaced, focus, forced, motion, unused };
})();
