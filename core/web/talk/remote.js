// What a remote has pressed goes to the talk, as what is pressed in the speaker's notes does.

export default ({ data: { talk, pressed }, parentElement: place }) => {
  const last = pressed.at(-1)?.[0] ?? 0;
  const news = pressed.filter(([number]) => number > (place.last ?? last));
  place.last = last;
  if (!news.length) return;
  const channel = new BroadcastChannel("backdoor-lab-talk");
  for (const [, key] of news) channel.postMessage({ talk, key });
  channel.close();
};
