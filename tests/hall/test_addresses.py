"""No address that leads a phone to itself."""

import pytest

from core.hall import addresses


@pytest.mark.parametrize(
    ("address", "reaches"),
    [
        ("192.168.1.5", True),
        ("10.0.0.7", True),
        ("lab.example.org", True),
        ("127.0.0.1", False),
        ("127.1.2.3", False),
        ("0.0.0.0", False),
        ("169.254.3.4", False),
        ("::1", False),
        ("localhost", False),
        ("LOCALHOST", False),
        ("app.localhost", False),
        ("", False),
        ("127.1", False),
        ("2130706433", False),
        ("0x7f000001", False),
        ("localhost.", False),
        ("127.0.0.1.", False),
        ("localhost.localdomain", False),
        ("ip6-localhost", False),
        ("-", False),
        ("..", False),
        ("999.999.999.999", False),
    ],
)
def test_which_addresses_a_phone_can_reach(address, reaches):
    assert addresses.reachable(address) is reaches


def test_own_addresses_are_such(monkeypatch):
    assert all(map(addresses.reachable, addresses.own()))


@pytest.mark.parametrize(
    ("host", "listens", "place"),
    [
        ("localhost", "", "10.0.0.7:8501"),
        ("127.0.0.1", "0.0.0.0", "10.0.0.7:8501"),
        ("localhost", "192.168.1.5", "192.168.1.5:8501"),
        ("lab.example.org", "127.0.0.1", "lab.example.org:8501"),  # by a tunnel
    ],
)
def test_where_a_phone_finds_the_app(monkeypatch, host, listens, place):
    monkeypatch.setattr(addresses, "own", lambda: ["10.0.0.7", "172.17.0.1"])
    assert addresses.of_app(host, 8501, listens) == place


@pytest.mark.parametrize(("own", "listens"), [([], ""), (["10.0.0.7"], "127.0.0.1")])
def test_where_no_phone_finds_the_app_that_is_said(monkeypatch, own, listens):
    monkeypatch.setattr(addresses, "own", lambda: own)
    with pytest.raises(ValueError, match="No phone reaches this app"):
        addresses.of_app("localhost", 8501, listens)
