// What a remote has pressed goes to the talk, as what is pressed in the speaker's notes does; but
// for what was pressed before this page came.

import { openChannel } from "../channel.js";

export default ({ data: { talk, pressed }, parentElement: place }) => {
  if (!talk) return;  // whose name Python does not know yet
  const last = pressed.at(-1)?.[0] ?? 0;
  const before = place.talk === talk ? place.last : last;
  Object.assign(place, { talk, last });
  const news = pressed.filter(([number]) => number > before);
  if (!news.length) return;
  const channel = openChannel();
  for (const [, key] of news) channel.postMessage({ talk, key });
  channel.close();
};
