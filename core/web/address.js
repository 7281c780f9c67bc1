// Puts a page's state into the URL, without an entry in the browser's history for every change.

export const write = (parameters) => {
  const url = new URL(location);
  for (const [name, text] of Object.entries(parameters)) {
    if (text === null) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
};

export default ({ data }) => write(data.parameters);
