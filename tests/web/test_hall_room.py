"""core/web/hall/room.js: what the speaker's window says of the room."""

OPEN = """
async () => {
  const { makeRoom } = await import("/hall/room.js");
  const room = makeRoom(document.body, () => {});
  room.take({ key: "k", base: "/", appsPort: false });
  await room.openIt();
  const before = room.problem;
  await room.look();
  return [before, room.problem];
}
"""
WALL = """
async () => {
  const { makeRoom } = await import("/hall/room.js");
  const seen = [], place = document.body;
  const said = new Promise((done) => {
    const room = makeRoom(place, () => {
      seen.push([...room.tiles.keys()]);
      if (seen.length === 2) done(seen);
    });
    room.take({ key: "k", base: "/", appsPort: false });
  });
  return said;
}
"""


def test_why_the_room_cannot_be_opened_stays_to_be_read(lab):
    page = lab()
    refused = {"refused": "expected a page of this host"}
    page.route("**/hall/wall?*", lambda route: route.fulfill(json={"open": False}))
    page.route("**/hall/open", lambda route: route.fulfill(status=403, json=refused))
    assert page.evaluate(OPEN) == [refused["refused"]] * 2


def test_who_has_made_room_for_others_leaves_the_wall(lab):
    page, looks = lab(), iter([[1, 2], [2, 3]])

    def wall(route) -> None:
        known = next(looks, [2, 3])
        tiles = [{"tile": each} for each in known]
        said = {"open": True, "epoch": "e", "number": 1, "known": known, "tiles": tiles}
        route.fulfill(json=said | {"code": "ABCD", "port": 1})

    page.route("**/hall/wall?*", wall)
    assert page.evaluate(WALL) == [[1, 2], [2, 3]]
