// Every component starts here: this file is the one script that Streamlit is given, and the
// component's own code is a module of this folder, whose URL is in `data.module`.

const ready = new Map();  // by URL the function of each module that is loaded; it runs at once
const coming = new Map();  // by URL its promise until then: of two imports the later may be first

const load = async (module) => {
  try {
    ready.set(module, (await import(new URL(module, location.origin))).default);
  } finally {
    coming.delete(module);
  }
  return ready.get(module);
};

export default (component) => {
  const { data: { module }, parentElement } = component;
  if (ready.has(module)) return ready.get(module)(component);
  if (!coming.has(module)) coming.set(module, load(module));
  const cleanUp = coming.get(module).then((show) => {
    if (parentElement.isConnected) return show(component);
  });
  return () => cleanUp.then((act) => act?.());  // for a component that goes before it has loaded
};
