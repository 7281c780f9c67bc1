// Listens on the window, before anybody else, for as long as an element is on the page.

export const listen = (element, kinds, act) => {
  for (const kind of kinds.split(" ")) {
    const guarded = (event) => {
      if (element.isConnected) act(event);
      else removeEventListener(kind, guarded, true);
    };
    addEventListener(kind, guarded, true);
  }
};
