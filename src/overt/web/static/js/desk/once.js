// A form is sent once: its button says that it works, and does nothing more.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button && form.dataset.once) button.textContent = form.dataset.once;
    form.setAttribute("aria-busy", "true");
  });
}
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
// What was refused is read out and comes into view first.
document.querySelector("[data-focus]")?.focus();
