/* What we promise of every page, measured on the page itself. Returns a list of sentences; an empty one is a calm page. */
() => {
  const found = [];
  const large = document.documentElement.hasAttribute("data-size");
  const desk = !!document.querySelector("main.desk");
  // A sheet is made to fit A4, and read on paper.
  const paper = !!document.querySelector("main.paper-page, main .one-sheet, main.one-sheet, main .card-sheet");
  const said = (element) => (element.innerText || element.getAttribute("aria-label") || element.name || element.tagName).trim().slice(0, 24);
  const note = (what, element, more) => found.push(`${what}: <${element.tagName.toLowerCase()} ${element.className}> ${said(element)} ${more}`);
  const shown = (element) => element.checkVisibility({visibilityProperty: true}) && !element.closest(".hide, [hidden]");

  if (document.querySelectorAll("h1").length !== 1) found.push(`${document.querySelectorAll("h1").length} headings of the first level`);
  const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wider > 0) {
    found.push(`${wider} px too wide`);
    for (const element of document.querySelectorAll("body *")) {
      if (element.getBoundingClientRect().right > innerWidth + 1 && shown(element) && !element.children.length) note("sticks out", element, "");
    }
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const measured = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || measured.has(element) || element.closest("svg, script, option, [aria-hidden=true]") || !shown(element)) continue;
    measured.add(element);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    const style = getComputedStyle(element), letters = parseFloat(style.fontSize);
    if (large && !paper && letters < 20) note("small letters", element, `${letters.toFixed(1)} px`);
    const leading = parseFloat(style.lineHeight) / letters;
    if (!paper && !(leading >= 1.499)) note("narrow lines", element, leading.toFixed(2));
  }

  // Inside a sentence a link is as high as the line; alone in its block it is something to hit.
  const inSentence = (element) => {
    for (let block = element.parentElement; block; block = block.parentElement) {
      if (getComputedStyle(block).display.startsWith("inline") && getComputedStyle(block).display === "inline") continue;
      return block.innerText.trim().length > element.innerText.trim().length + 3 && getComputedStyle(element).display === "inline";
    }
    return false;
  };
  const least = large && !desk ? 60 : 44;
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(element) || (element.matches(".skip") && document.activeElement !== element)) continue;
    if (element.tagName === "A" && inSentence(element)) continue;
    const target = element.closest("label") || element;
    const box = target.getBoundingClientRect();
    const inTable = (!large || desk) && element.tagName === "A" && element.closest("td, th");
    if (box.height < (inTable ? 24 : least) - 0.5 || box.width < (inTable ? 24 : least) - 0.5)
      note("small target", element, `${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  return found;
}
