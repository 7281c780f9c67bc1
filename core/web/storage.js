// What the browser keeps for this page, as JSON. A browser that keeps nothing, since cookies are
// blocked or the page is in a sandboxed frame, throws where it is asked: then nothing is recalled.

// place: "localStorage", or "sessionStorage" for this tab alone.
export const recall = (place, name) => {
  try {
    return JSON.parse(window[place].getItem(name));
  } catch {
    return null;
  }
};

export const remember = (place, name, value) => {
  try {
    window[place].setItem(name, JSON.stringify(value));
  } catch { /* it is known for as long as the page is open */ }
};
