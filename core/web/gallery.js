// A grid of test digits with what both models read; a click on one tells Python its row.

const tileButton = (tile, choose) => {
  const button = document.createElement("button");
  button.title = button.ariaLabel = tile.words;
  const image = new Image();
  image.src = `data:image/png;base64,${tile.png}`;
  image.alt = "";
  const line = document.createElement("p");
  for (const [name, digit] of Object.entries(tile.digits)) {
    const part = document.createElement("b");
    part.className = name;
    part.textContent = digit;
    line.append(part);
  }
  button.append(image, line);
  button.addEventListener("click", choose);
  return button;
};

export default ({ data, parentElement, setTriggerValue }) => {
  const wall = parentElement.querySelector(".wall");
  if (data.turn > (wall.turn ?? 0)) {  // a click asked for these: show that they are here
    wall.turn = data.turn;
    requestAnimationFrame(() => wall.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  }
  wall.replaceChildren(
    ...data.tiles.map((tile) => tileButton(tile, () => setTriggerValue("chosen", tile.row))),
  );
};
