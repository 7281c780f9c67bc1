// Puts a page's state into the URL, without an entry in the browser's history for every change.

export const write = (parameters) => {
  const url = new URL(location);
  for (const [name, text] of Object.entries(parameters)) {
    if (text === null) url.searchParams.delete(name);
    else url.searchParams.set(name, text);
  }
  try {
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  } catch { /* some browsers do not let a page that was opened from the disk */ }
};

// For what may still be there when somebody has gone to another page: writes only into the URL of
// the page that it is made on.
export const writeHere = () => {
  const page = location.pathname;
  return (parameters) => {
    if (location.pathname === page) write(parameters);
  };
};

export default ({ data }) => write(data.parameters);
