"""An option stands once: on the field that it fills, with its help and its default."""

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from abclm.cli.options import option_of
from abclm.cli.table import load_command
from abclm.compose.options import TuneOptions
from abclm.compose.settings import Settings
from abclm.model.settings import NetworkSettings, TrainingSettings
from abclm.option import Option


def marks(kind: type) -> dict[str, Option]:
    """The option of each field that has one."""
    hints = get_type_hints(kind, include_extras=True)
    found = {
        name: [one for one in get_args(hint) if isinstance(one, Option)]
        for name, hint in hints.items()
    }
    return {name: options[0] for name, options in found.items() if options}


def options(command: str) -> dict[str, Any]:
    return {option.name: option for option in load_command(command).params}


def test_every_field_of_the_settings_is_an_option_of_generate_with_its_default() -> None:
    shown = options("generate")
    assert set(marks(TuneOptions)) == {field.name for field in fields(Settings)}
    for field in fields(Settings):
        assert shown[field.name].default == field.default
        assert shown[field.name].help == marks(TuneOptions)[field.name].help
        assert shown[field.name].opts == [f"--{field.name.replace('_', '-')}"]


def test_tweak_changes_the_fields_that_can_be_changed_and_has_no_defaults() -> None:
    shown = options("tweak")
    changed = {name: one.again for name, one in marks(TuneOptions).items() if one.again}
    assert changed.items() <= {name: one.help for name, one in shown.items()}.items()
    assert all(shown[name].default is None for name in changed)
    assert not {"raw", "min_chars", "max_chars", "candidates"} & set(shown)


@pytest.mark.parametrize("kind", [NetworkSettings, TrainingSettings])
def test_train_has_the_options_of_network_and_training(kind: type) -> None:
    shown = options("train")
    for name, mark in marks(kind).items():
        assert shown[(mark.name or name).replace("-", "_")].help == mark.help


def test_a_field_without_an_option_is_none() -> None:
    with pytest.raises(TypeError, match="vocabulary_size has no Option"):
        option_of(NetworkSettings, "vocabulary_size")
