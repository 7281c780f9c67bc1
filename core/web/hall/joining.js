// How phones come in: a code to scan, and the same address in letters, never one that leads a phone
// to itself.

const LONELY = 30000;  // ms without a phone
const CAUSES = "0 phones yet. Usual causes: the Wi-Fi keeps its guests apart (most guest networks "
  + "do), the phone is in another network, the hotspot takes ten at most, this machine has a VPN.";

// place: with hall.html in it. changed: called when another address is typed.
export const makeJoining = (place, room, changed) => {
  const part = (selector) => place.querySelector(selector);
  let typed = "", opened = 0, coded = "", named = "";

  part("input").addEventListener("input", ({ target }) => {
    typed = target.value.trim();
    changed();
  });

  const showCode = async (host, address) => {
    if (coded === address) return;
    coded = address;
    part(".code").replaceChildren();
    const svg = host ? await room.codeOf(host) : "";
    if (coded === address) part(".code").innerHTML = svg;
  };

  return () => {
    if (!room.open) {
      opened = 0;
      return;
    }
    opened ||= performance.now();
    const host = typed || room.addresses[0] || "";
    const address = host ? `${host}:${room.port}/go/${room.code}` : "";
    const [before, after] = address.split("/go");
    const line = part(".address");
    if (after) line.replaceChildren(before, document.createElement("wbr"), `/go${after}`);
    else line.textContent = "No address of this machine is known; type one.";
    showCode(host, address);
    if (named !== room.addresses.join()) {
      named = room.addresses.join();
      part("datalist").replaceChildren(...room.addresses.map((each) => new Option(each)));
    }
    const alone = !room.joined && performance.now() - opened > LONELY;
    part(".hint").textContent = alone ? CAUSES : "";
  };
};
