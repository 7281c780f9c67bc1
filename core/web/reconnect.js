// Asks for the page once the browser has found its server again.

const watch = (place) => {
  const app = document.querySelector('[data-testid="stApp"]');
  let lost = false;
  const observer = new MutationObserver(() => {
    const connected = app.getAttribute("data-test-connection-state") === "CONNECTED";
    if (connected && lost) place.ask();
    lost = !connected;
  });
  if (app) observer.observe(app, { attributeFilter: ["data-test-connection-state"] });
  return observer;
};

export default ({ data, parentElement: place, setTriggerValue }) => {
  place.host.dataset.server = data.server;  // the one that the page is from
  place.ask = () => setTriggerValue("found", Date.now());
  place.observer ??= watch(place);  // one for all calls: it remembers that the server was lost
  return () => place.observer.disconnect();
};
