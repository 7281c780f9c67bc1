// Every component starts here: this file is the one script that Streamlit is given, and the
// component's own code is a module of this folder, whose URL is in `data.module`.

const ready = new Map();  // by URL the function of each module that is loaded; it runs at once

export default (component) => {
  const { data: { module }, parentElement } = component;
  if (ready.has(module)) return ready.get(module)(component);
  const cleanUp = import(new URL(module, location.origin)).then((loaded) => {
    ready.set(module, loaded.default);
    if (parentElement.isConnected) return loaded.default(component);
  });
  return () => cleanUp.then((act) => act?.());  // for a component that goes before it has loaded
};
