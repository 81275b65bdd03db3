// What folds on a page opens when a link or the search leads to it, and when the page is printed.
const folds = document.querySelectorAll("div.contents details");

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target?.closest("details");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}

let closed = [];
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => {
  closed = [...folds].filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});
openTarget();
