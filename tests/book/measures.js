// What the tests ask a page, from inside. Nothing here changes the page but `still`.

// Ends fades and movements, so that a colour is measured as it will stay.
function still() {
  const style = document.createElement("style");
  style.textContent = "*, *::before, *::after { transition: none !important; animation: none !important }";
  document.head.append(style);
}

const isShown = element => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
const boxes = node => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()].filter(box => box.width > 0 && box.height > 0);
};

// Every piece of text that is seen: the node, the element that it stands in, its boxes on the page.
function* texts(root = document.body) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || !element || element.closest("script, style, noscript, select, iframe")) continue;
    if (!isShown(element)) continue;
    const where = boxes(node);
    if (where.length > 0) yield { node, element, where };
  }
}

const short = text => text.trim().replace(/\s+/g, " ").slice(0, 60);
function place(element) {
  const name = element.id ? `#${element.id}` : element.classList.length ? `.${[...element.classList].join(".")}` : "";
  return element.tagName.toLowerCase() + name;
}

// The links, what is loaded, and the anchors of the page.
function links() {
  const to = (selector, attribute) => [...document.querySelectorAll(selector)].map(element => {
    const value = element.getAttribute(attribute);
    return { text: short(element.textContent || place(element)), value, url: new URL(value, document.baseURI).href,
             rel: element.getAttribute("rel") };
  });
  return {
    links: [...to("a[href], area[href]", "href"), ...to("link[href]", "href"),
            ...to("img[src], script[src], iframe[src], embed[src]", "src"), ...to("object[data]", "data")],
    anchors: [...document.querySelectorAll("[id], a[name]")].flatMap(
      element => [element.id, element.getAttribute("name")].filter(Boolean)),
  };
}

const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
  .getContext("2d", { willReadFrequently: true });
const known = new Map();
// A colour, however it is written, as red, green, blue (0 to 255) and alpha (0 to 1).
function rgba(colour) {
  if (!known.has(colour)) {
    const numbers = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(colour);
    if (numbers) known.set(colour, numbers.slice(1).map((number, i) => Number(number ?? (i === 3 ? 1 : 0))));
    else {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
  }
  return known.get(colour);
}
const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));
const light = rgb => {
  const [r, g, b] = rgb.map(value => value / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
};

// What lies behind an element's text: one colour, or several where a gradient does. A picture from a file is passed over.
function grounds(element, seen) {
  if (!element) {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    return [scheme.startsWith("dark") ? [18, 18, 18] : [255, 255, 255]];
  }
  if (!seen.has(element) && element.matches("svg text")) {
    // A drawing paints its own ground: the last rectangle below the text.
    const { left, top } = element.getBoundingClientRect();
    const below = [...element.closest("svg").querySelectorAll("rect")].filter(rect => {
      const box = rect.getBoundingClientRect();
      return box.left <= left && left < box.right && box.top <= top && top < box.bottom &&
        rect.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    }).map(rect => getComputedStyle(rect).fill).filter(fill => fill !== "none").map(rgba).filter(fill => fill[3] === 1);
    if (below.length) seen.set(element, [below.at(-1).slice(0, 3)]);
  }
  if (!seen.has(element)) {
    const style = getComputedStyle(element), colour = rgba(style.backgroundColor);
    let here = colour[3] === 1 ? [colour.slice(0, 3)]
      : grounds(element.parentElement, seen).map(below => over(colour, below));
    if (style.backgroundImage.includes("gradient(")) {
      const stops = style.backgroundImage.match(/(?:rgba?|color|oklab|oklch|lab|lch|hsl)\([^()]*\)/g) ?? [];
      if (stops.length) here = here.flatMap(below => stops.map(stop => over(rgba(stop), below)));
    }
    seen.set(element, here);
  }
  return seen.get(element);
}

// Text that WCAG 2.1 AA (1.4.3) calls too faint: below 4.5 to 1, or 3 to 1 where it is large.
function faint() {
  const seen = new Map(), verdicts = new Map(), found = [];
  let counted = 0;
  for (const { node, element } of texts()) {
    ++counted;
    if (!verdicts.has(element)) {
      const style = getComputedStyle(element), size = parseFloat(style.fontSize);
      const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      let through = 1;
      for (let at = element; at; at = at.parentElement) through *= Number(getComputedStyle(at).opacity);
      const [r, g, b, a] = rgba(element.closest("svg") ? style.fill : style.color);
      const ratios = grounds(element, seen).map(ground => ratio(over([r, g, b, a * through], ground), ground));
      const worst = Math.min(...ratios);
      verdicts.set(element, worst < least - 0.005 && !element.closest(":disabled")
        ? `${worst.toFixed(2)} of ${least} to 1: ${place(element)} ${style.color}` : "");
    }
    if (verdicts.get(element)) found.push(`${verdicts.get(element)}: ${short(node.data)}`);
  }
  for (const field of document.querySelectorAll("input[placeholder]")) {
    if (!isShown(field) || field.value) continue;
    const { color } = getComputedStyle(field, "::placeholder"), written = rgba(color);
    const worst = Math.min(...grounds(field, seen).map(ground => ratio(over(written, ground), ground)));
    if (worst < 4.495) found.push(`${worst.toFixed(2)} of 4.5 to 1: ${place(field)} ${color}: ${field.placeholder}`);
  }
  return { counted, found };
}

// What makes a page move sideways, or hides its text beyond the edge, at this width. A box of code or a table may scroll
// by itself; the page, and the box that holds its prose, may not.
function sideways(width) {
  const found = [], root = document.scrollingElement;
  if (root.scrollWidth > width) found.push(`the page is ${root.scrollWidth} wide`);
  for (const element of document.querySelectorAll("body, main, #container, #doc-content, .contents, .textblock"))
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 &&
        ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
      found.push(`${place(element)} scrolls: ${element.scrollWidth} in ${element.clientWidth}`);
  const prose = "body, main, #container, #doc-content, .contents, .textblock, html";
  for (const { node, element, where } of texts()) {
    if (where.every(box => box.right <= width + 1 && box.left >= -1)) continue;
    let at = element, scrolls = false;
    for (; at && !scrolls; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at.matches(prose) || style.position === "fixed") break;
      scrolls = ["auto", "scroll"].includes(style.overflowX) && at.scrollWidth > at.clientWidth;
    }
    if (!scrolls) found.push(`beyond the edge: ${place(element)}: ${short(node.data)}`);
  }
  return found;
}

// Boxes of code and pictures that scroll sideways and do not show that there is more: those that do have a shadow that
// goes once one has come to their end (its cover moves with what is in the box).
function unhinted() {
  return [...document.querySelectorAll("div, pre, figure")].filter(box => {
    const style = getComputedStyle(box);
    return isShown(box) && box.closest(".contents") && ["auto", "scroll", "hidden"].includes(style.overflowX) &&
      box.scrollWidth > box.clientWidth + 1 &&
      style.textOverflow !== "ellipsis" && !(style.backgroundAttachment.includes("local") && style.backgroundImage.includes("gradient("));
  }).map(box => `${place(box)} shows ${box.clientWidth} of ${box.scrollWidth} and no sign of it: ${short(box.textContent)}`);
}

// Texts of the sequence charts that are out of sight before anybody moves the chart.
function cut_charts(width) {
  return [...document.querySelectorAll(".chart")].flatMap(chart => {
    const shown = [...texts(chart)], { left, right } = chart.getBoundingClientRect();
    if (!shown.length) return [`${place(chart)} is empty`];
    return shown.filter(({ where }) => where.some(box =>
      box.right > Math.min(width, right) + 1 || box.left < Math.max(0, left) - 1)).map(({ node }) => short(node.data));
  });
}

// How tall the letters of a chart are, in pixels of the screen: the smallest.
function chart_letters() {
  return Math.min(99, ...[...document.querySelectorAll(".chart")].flatMap(chart =>
    [...texts(chart)].map(({ where }) => where[0].height)));
}

// Is the book's title cut off?
function cut_title() {
  return [...document.querySelectorAll("#projectname, #projectname a, #projectalign, #titlearea, #top")].filter(isShown)
    .filter(box => box.scrollWidth > box.clientWidth && box.clientWidth > 0 || box.getBoundingClientRect().right > innerWidth)
    .map(box => `${place(box)}: ${box.scrollWidth} in ${box.clientWidth}`);
}

// How wide the prose is, in pixels.
function prose_width() {
  const paragraphs = [...document.querySelectorAll(".contents p, .contents dd, .contents li")].filter(isShown);
  return Math.max(0, ...paragraphs.map(element => element.getBoundingClientRect().width));
}

// The words that are seen in what the selector names, in order, but for those in what the second names.
function words(selector, but = "none") {
  const found = [];
  for (const root of document.querySelectorAll(selector))
    for (const { node, element } of texts(root))
      if (!element.closest(but)) found.push(...node.data.trim().split(/\s+/));
  return found;
}

// The same of the page without its players, which stand where paper and a browser without JavaScript show something else.
function plainly(measure, ...rest) {
  const players = [...document.querySelectorAll(".player-on")];
  for (const player of players) player.classList.remove("player-on");
  try {
    return { words, is_written, cut_charts, chart_letters }[measure](...rest);
  } finally {
    for (const player of players) player.classList.add("player-on");
  }
}

// Text that no scrolling brings into sight: a box around it hides what does not fit, and is not moved by the reader.
function reach() {
  const found = [];
  for (const { node, element, where } of texts())
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at), box = at.getBoundingClientRect();
      if (at === document.body || style.display === "inline") continue;
      const hides = way => ["hidden", "clip"].includes(style[`overflow${way}`]);
      const last = where[where.length - 1];
      if ((hides("Y") && last.top >= box.bottom) || (hides("X") && last.left >= box.right)) {
        found.push(`${place(at)} hides ${place(element)}: ${short(node.data)}`);
        break;
      }
    }
  return found.slice(0, 10);
}

// Text that a box does not show because it is wider than the box: on paper nobody can scroll.
function hidden_in_boxes() {
  const found = [];
  for (const { node, element, where } of texts())
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX === "visible" || getComputedStyle(at).display === "inline") continue;
      if (where.some(box => box.right > at.getBoundingClientRect().right + 1)) {
        found.push(`${place(at)} cuts ${place(element)}: ${short(node.data)}`);
        break;
      }
    }
  return found.slice(0, 10);
}

// Is this a page that somebody wrote, and not one that lists or describes the code?
function is_written() {
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT); // only in one does Doxygen tell
  while (comments.nextNode()) if (comments.currentNode.data.trim() === "PageDoc") return true;
  return false;
}
