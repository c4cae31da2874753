// This browser's subscription to push messages. The worker's address is a file of the page's own.
const SCOPE = "/inbox/";

function worker() {
  return JSON.parse(document.getElementById("tl-assets").textContent)["push.js"];
}

async function subscription() {
  const known = await navigator.serviceWorker?.getRegistration(SCOPE);
  return known?.pushManager?.getSubscription();
}

export async function endpoint() {
  return (await subscription())?.endpoint;
}

export async function subscribe(key) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
  const registered = await navigator.serviceWorker.register(worker(), { scope: SCOPE });
  const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  await ready(registered);
  const options = { userVisibleOnly: true, applicationServerKey: bytes };
  const { endpoint, keys } = (await registered.pushManager.subscribe(options)).toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

export async function unsubscribe() {
  const known = await subscription();
  if (!known) return undefined;
  const { endpoint } = known;
  await known.unsubscribe();
  return endpoint;
}

function ready(registered) {
  const starting = registered.installing || registered.waiting;
  if (registered.active || !starting) return undefined;
  return new Promise((resolve) => {
    starting.addEventListener("statechange", () => {
      if (starting.state === "activated") resolve();
    });
  });
}
