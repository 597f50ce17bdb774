// The start, when everything above is there.

for (const [name, holder] of holders) {
  if (pictures[name][0] === "") pictures[name][0] = holder.innerHTML;
}
fit();
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) draw(entry.target.dataset.staves);
}, { rootMargin: "800px" });
for (const [name, holder] of holders) {
  near.observe(holder);
  if (playable(name)) listen(name, holder);
}
new ResizeObserver(fit).observe(document.querySelector("main"));
new ResizeObserver(() => {
  document.body.style.paddingBottom = `${find("player").offsetHeight + 48}px`;
}).observe(find("player"));
window.addEventListener("beforeprint", () => print(true));
window.addEventListener("afterprint", () => print(false));
if (names.length && (window.AudioContext || window.webkitAudioContext)) {
  find("player").hidden = false;
  for (const one of [find("previous"), find("next"), find("sets"), ...all(".set")]) one.hidden = names.length < 2;
  readAddress();
  window.addEventListener("hashchange", readAddress);
}
document.documentElement.dataset.ready = "true";
