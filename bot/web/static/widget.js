/** The button of a site's chat, a frame of the desk's. */
(() => {
  const script = document.currentScript;
  const key = script?.dataset.site;
  const say = (detail) => dispatchEvent(new CustomEvent("sportello", { detail }));
  const { sites } = (window.Sportello ??= { sites: {}, identify: say, logout: () => say() });
  if (!key || sites[key]) return; // a body was swapped
  sites[key] = true;

  const page = document.documentElement;
  const language = script.dataset.language || page.lang || navigator.language;
  const address = (name) => new URL(`v1/sites/${key}/${name}?language=${language}`, script.src).href;
  const prefix = `sportello:${key}:`;
  let who = script.dataset.identity; // null: logged out
  addEventListener("sportello", ({ detail }) => (who = detail));
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const isSmall = matchMedia("(width < 480px), (height < 480px)");
  const styles = `
    :host { all: initial !important; display: contents !important }
    button { position: fixed; inset-block-end: 20px; side: 20px; z-index: 2147483647; width: 58px; height: 58px; border: 0; border-radius: 50%; color: ink; background: accent; box-shadow: 0 4px 20px #0005; cursor: pointer }
    button:focus-visible { outline: 3px solid accent; outline-offset: 3px }
    svg { position: absolute; inset: 16px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
    [aria-expanded=true] svg:first-child, [aria-expanded=false] svg + svg, b:empty { display: none }
    b { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-width: 10px; padding: 0 6px; border-radius: 20px; font: 700 13px/22px system-ui; color: #fff; background: #b3261e }
    dialog { position: fixed; inset: auto; inset-block-end: 92px; side: 20px; z-index: 2147483647; width: 400px; height: min(680px, 100dvh - 112px); margin: 0; padding: 0; border: 0; border-radius: 20px; overflow: hidden; background: light-dark(#f2efe7, #0f1513); box-shadow: 0 4px 20px #0005 }
    iframe { width: 100%; height: 100%; border: 0; color-scheme: inherit; visibility: hidden }
    @media (width < 480px), (height < 480px) { dialog { inset: var(--top, 0) 0 auto; width: 100%; max-width: none; height: var(--height, 100dvh); max-height: none; border-radius: 0 } }
    :host(:nth-child(2 of div.side)) button { inset-block-end: 90px; z-index: 2147483646 }
    @media print { div { display: none } }`;

  import(address("look.js")).then(show, () => {}); // refused: no chat here

  function show({ look, words }) {
    let frame, port, state, draft = "";
    const label = words.chatWith.replace("{company}", look.company);
    const badge = make("b");
    const button = make("button", { type: "button", ariaHasPopup: "dialog", ariaExpanded: "false" });
    button.append(icon("M4 5.5h16v11H10.5L6.5 20v-3.5H4z"), icon("M6 6l12 12M18 6L6 18"), badge);
    const dialog = make("dialog", { ariaLabel: label });
    const root = make("div");
    root.append(button, dialog);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.replace(/accent|ink|side/g, (name) => look[name]));
    const outside = make("div", { className: look.side });
    const shadow = outside.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(root);

    const tell = (said) => port?.postMessage(said);
    const count = (unread) => {
      badge.textContent = unread || "";
      button.ariaLabel = label + (unread ? `. ${words.unread.replace("{count}", unread)}` : "");
    };
    const load = () => {
      if (frame) return;
      frame = make("iframe", { title: label, allow: "clipboard-write; microphone", src: address("frame"), onload: meet });
      dialog.append(frame);
    };

    // No other script has this port.
    const meet = () => {
      const { port1, port2 } = new MessageChannel();
      port = port1;
      port.onmessage = ({ data }) => heed(data);
      const { origin } = new URL(script.src);
      frame.contentWindow.postMessage({ site: key, kept: kept(), draft, ...state }, origin, [port2]);
    };
    const heed = ({ ready, keep, ask, unread, close, draft: text = draft }) => {
      if (ready) {
        frame.style.visibility = "visible";
        enter();
      }
      if (keep) store(...keep);
      if (ask) tell({ answered: [ask, kept()[ask]] });
      if (unread >= 0) count(unread);
      if (close) dialog.close();
      draft = text;
    };

    const enter = () => {
      if (!dialog.open) return;
      frame.focus();
      tell({ shown: true });
    };
    const open = () => {
      adapt();
      load();
      if (isSmall.matches) dialog.showModal();
      else dialog.show();
      button.ariaExpanded = "true";
      enter();
    };
    const reopen = () => {
      if (!dialog.open) return;
      dialog.close();
      open();
    };
    dialog.onclose = () => {
      if (dialog.open) return; // again
      button.ariaExpanded = "false";
      button.focus();
      tell({ shown: false });
    };
    button.onclick = () => (dialog.open ? dialog.close() : open());
    root.onkeydown = (event) => event.key !== "Escape" || dialog.close(); // false stops a key
    isSmall.onchange = reopen;

    // What a keyboard of iOS leaves.
    const view = visualViewport;
    view.onresize = view.onscroll = () => {
      if (view.scale > 1) return; // zoomed
      dialog.style = `--top: ${view.offsetTop}px; --height: ${view.height}px`;
    };

    // Of another scheme it is white.
    const adapt = () => {
      const { colorScheme, direction: dir } = getComputedStyle(page);
      const scheme = script.dataset.theme || colorScheme;
      const dark = /dark/.test(scheme) && (isDark.matches || !/light/.test(scheme));
      const theme = (root.style.colorScheme = dark ? "dark" : "light");
      root.dir = dir;
      root.hidden = look.known && !who;
      tell((state = { theme, dir, who, page: location.href }));
    };
    isDark.onchange = adapt;
    addEventListener("sportello", adapt);
    window.navigation?.addEventListener("currententrychange", adapt);

    // Taken away, it comes back.
    new MutationObserver(() => {
      adapt();
      if (outside.isConnected) return;
      if (frame) frame.style = "";
      page.append(outside);
      reopen();
    }).observe(page, { attributes: true, childList: true });

    addEventListener("storage", ({ key: name, newValue }) => {
      if (!name?.startsWith(prefix)) return;
      tell({ changed: [name.slice(prefix.length), newValue] });
      load();
    });
    count(0);
    adapt();
    page.append(outside);
    if (Object.keys(kept()).length) load();
  }

  // Storage may be blocked.
  function kept() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
      return Object.fromEntries(names.map((name) => [name.slice(prefix.length), localStorage[name]]));
    } catch {
      return {};
    }
  }

  function store(name, value) {
    try {
      localStorage[value === null ? "removeItem" : "setItem"](prefix + name, value);
    } catch {}
  }

  function make(tag, props) {
    return Object.assign(document.createElement(tag), props);
  }

  function icon(d) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(svg.namespaceURI, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }
})();
