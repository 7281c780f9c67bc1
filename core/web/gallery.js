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
  const asked = data.turn > (wall.turn ?? data.turn);  // by a click since the wall came
  wall.turn = data.turn;
  if (asked) {  // show that they are here
    requestAnimationFrame(() => wall.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  }
  wall.replaceChildren(
    ...data.tiles.map((tile) => tileButton(tile, () => setTriggerValue("chosen", tile.row))),
  );
};
