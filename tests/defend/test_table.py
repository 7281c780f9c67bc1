"""The table of all methods on all attacks."""

from core.attack.poison import LabelRule
from core.defend import clean, table
from core.defend.finding import Suspect
from core.defend.methods import METHODS
from core.places import ASSETS


def test_the_attacks_are_three_seeds_each_with_targets_spread_over_all_digits():
    wanted = table.tasks()
    attacks = [attack for _, _, attack in wanted if attack]
    assert len(attacks) == 3 * (len(table.ATTACKS) + 1)
    targets = {attack.target for attack in attacks if attack.rule == LabelRule.ALL_TO_ONE}
    assert targets == set(range(10))
    calibrated = {seed for name in clean.MODELS for seed in clean.load(name).seeds}
    assert not calibrated & {recipe.seed for _, recipe, _ in wanted}


def test_what_ships_is_of_these_models_and_every_method():
    shipped = table.load()
    assert [(each.name, each.recipe, each.attack) for each in shipped] == table.tasks()
    assert all(set(each.attempts) == set(METHODS) for each in shipped)


def test_the_pixel_is_found_at_the_door_in_the_data_and_in_the_weights():
    """At one percent, by every seed of fast, whatever the target."""
    pixels = [each for each in table.load() if each.name == "one pixel, 1 %"]
    assert len(pixels) == 3
    for each in pixels:
        for method in ("scan-1", "whitening", "cleanse"):
            attempt = each.attempts[method]
            suspect = Suspect(attempt.statistic, attempt.target)
            assert clean.judge(method, suspect, each.recipe).accused.target == each.attack.target
        grade = each.attempts["whitening"].grade
        assert min(grade.precision.value, grade.recall.value) >= 0.95


def test_the_results_say_what_the_table_says():
    assert table.markdown(table.load()) in (ASSETS / "results.md").read_text(encoding="utf-8")
