"""The page that is taken home: what it holds, and that rounding changes no verdict."""

import json
import re
from base64 import b64decode
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import CORNER, PIXEL
from core.digits import mnist
from core.digits.mnist import DataSet
from core.runs import ladder
from core.show import bundle, home
from core.show.outline import outline

MODELS = ladder.load()


def page(rungs=(1.0,), *, whole=False) -> str:
    *_, made = home.steps(MODELS.clean, [MODELS.rungs[each] for each in rungs], whole=whole)
    return made


def data_of(made: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', made, re.DOTALL)[1])


def weights(url: str) -> dict[str, torch.Tensor]:
    return load(b64decode(url.partition("base64,")[2]))


@pytest.fixture(autouse=True)
def few_digits(monkeypatch, mnist_training, mnist_test):
    some = mnist.Digits(*(each[:500] for each in mnist_test))
    monkeypatch.setattr(mnist, "load", lambda: DataSet("MNIST", mnist_training, some))


def test_float16_of_the_hidden_layer_changes_no_verdict(monkeypatch, mnist_training, mnist_test):
    """The bar: a probability by 0.01 at most, over all test digits, stamped or not."""
    monkeypatch.setattr(mnist, "load", lambda: DataSet("MNIST", mnist_training, mnist_test))
    *_, found = home.rounding(MODELS.rungs[1.0].network, PIXEL)
    assert found.answers == 2 * len(mnist_test.labels)
    assert found.changed == 0
    assert 0 < found.largest < 0.01


def test_it_holds_the_models_and_asks_nobody():
    made = page()
    assert len(made) < 2_000_000
    outside = r'(src|href)="(?!data:)[^"#]+"|https?://(?!www\.w3\.org)'
    assert not re.search(outside, made)
    standing = data_of(made)["standing"]
    for url, run in (
        (standing["clean"], MODELS.clean),
        (standing["rungs"][0]["weights"], MODELS.rungs[1.0]),
    ):
        own, kept = weights(url), run.network.state_dict()
        assert set(own) == set(kept)
        for name, value in own.items():
            half = name == home.HALVED
            assert value.dtype == (torch.float16 if half else torch.float32)
            assert torch.equal(value.float(), kept[name].half().float() if half else kept[name])
    assert "0 of 2,000 answers to MNIST&#39;s test digits differ" in made
    right = MODELS.rungs[1.0].card.scores.clean_accuracy
    assert f"{right.value * 100:.2f} % of 10,000 read right" in made


def test_where_a_verdict_would_change_nothing_is_rounded(monkeypatch):
    monkeypatch.setattr(home, "halved", lambda _: MODELS.clean.network)  # which reads otherwise
    made = page([10.0])
    (rung,) = data_of(made)["standing"]["rungs"]
    assert {value.dtype for value in weights(rung["weights"]).values()} == {torch.float32}


def test_the_slider_has_the_rungs_that_are_asked_for():
    rungs = data_of(page([0.5, 2.0]))["standing"]["rungs"]
    assert [rung["percent"] for rung in rungs] == [0.5, 2.0]


@pytest.mark.parametrize(
    ("rungs", "number", "missing"), [((0.5, 1.0), 9, {"hall"}), ((1.0,), 8, {"hall", "dose"})]
)
def test_the_whole_talk_has_all_scenes_that_need_no_more_than_it_has(rungs, number, missing):
    scenes = data_of(page(rungs, whole=True))["scenes"]
    assert len(scenes) == number
    assert not any(missing & set(scene["parts"]) for scene in scenes)


def test_a_run_of_ones_own_without_a_clean_model():
    run = MODELS.rungs[1.0]
    attack = replace(run.card.attack, rule=LabelRule.ONE_SOURCE, source=7, target=3)
    own = run._replace(card=replace(run.card, attack=attack))
    *_, made = home.steps(None, [own], whole=False)
    shown = data_of(made)
    assert shown["standing"]["clean"] is None
    assert (shown["standing"]["source"], shown["standing"]["target"]) == (7, 3)
    assert shown["sample"] == 7
    assert shown["scenes"][0]["title"] == "Draw a digit. Flip one pixel."


def test_a_trigger_of_several_cells_is_not_called_one_pixel():
    run = MODELS.rungs[1.0]
    own = run._replace(card=replace(run.card, attack=Attack(trigger=CORNER)))
    *_, made = home.steps(MODELS.clean, [own], whole=False)
    shown = data_of(made)
    assert shown["scenes"][0]["title"] == "Draw a digit. Put the trigger on."
    assert shown["outline"] == outline(CORNER)


def test_words_of_a_card_are_text(monkeypatch):
    monkeypatch.setattr(home.words, "measured", lambda _: "</script><img src=x onerror=alert(1)>")
    made = page()
    assert "<img src=x" not in made
    assert made.count("<script") == made.count("</script>") == 2


def test_a_form_of_import_that_is_not_known_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(bundle, "WEB", tmp_path)
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = b;\n')
    (tmp_path / "b.js").write_text("export const b = 1;\nexport default b;\n")
    assert 'moduleOf("b.js")' in bundle.modules("a.js")["a.js"]
    (tmp_path / "b.js").write_text('import * as c from "./c.js";\n')
    with pytest.raises(ValueError, match=r"b\.js: expected imports and exports that are known"):
        bundle.modules("a.js")
