// Shows what the edge pushes, and leads to the conversation. It keeps nothing and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A message that cannot be read still has to be shown.
  }
  const { title = "Throughline", body = "", url = "/inbox", tag } = told;
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.url, self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => new URL(page.url).pathname.startsWith("/inbox"));
      return open ? open.focus().then((page) => page.navigate(address.href)) : self.clients.openWindow(address.href);
    }),
  );
});
