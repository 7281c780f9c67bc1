// How phones come in: a code to scan, and the same address in letters, never one that leads a phone
// to itself.

const LONELY = 30000;  // ms without a phone
const CAUSES = "0 phones yet. Usual causes: the Wi-Fi keeps its guests apart (most guest networks "
  + "do), the phone is in another network, the hotspot takes ten at most, this machine has a VPN.";

// place: with hall.html in it. changed: called when another address is typed.
export const makeJoining = (place, room, changed) => {
  const part = (selector) => place.querySelector(selector);
  let typed = "", opened = 0, shown = "", named = "";

  part(".host").addEventListener("input", ({ target }) => {
    typed = target.value.trim();
    changed();
  });
  const showWifi = async () => {
    const [name, password] = [part(".name").value, part(".password").value];
    part(".wifi").innerHTML = name ? await room.wifi(name, password) : "";
  };
  for (const field of [part(".name"), part(".password")]) {
    field.addEventListener("input", showWifi);
  }
  part(".joining").addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter") target.blur();
  });

  const showInvitation = async () => {
    const wanted = [room.epoch, room.port, room.addresses[0], typed].join();
    if (shown === wanted) return;
    shown = wanted;
    const { url, svg, refused } = await room.invitation(typed).catch(() => ({}));
    if (shown !== wanted) return;
    part(".code").innerHTML = svg ?? "";
    const [before, after] = (url ?? "").replace(/^https?:../, "").split("/go");
    const line = part(".address");
    if (after) line.replaceChildren(before, document.createElement("wbr"), `/go${after}`);
    else line.textContent = refused ? "No phone reaches this address; type another." : "";
    if (!url && !refused) shown = "";  // the server did not answer
  };

  return () => {
    if (!room.open) {
      opened = 0;
      return;
    }
    opened ||= performance.now();
    showInvitation();
    if (named !== room.addresses.join()) {
      named = room.addresses.join();
      part("datalist").replaceChildren(...room.addresses.map((each) => new Option(each)));
    }
    const alone = !room.joined && performance.now() - opened > LONELY;
    part(".hint").textContent = alone ? CAUSES : "";
  };
};
