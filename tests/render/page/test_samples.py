"""The recorded timbres are in tune, equally loud, and can be repeated."""

import base64
from typing import Any

import numpy as np
import pytest

from abclm.render.page import samples


def decoded(data: str) -> Any:
    """The samples as floats, as the script of the page decodes them."""
    codes = np.frombuffer(base64.b64decode(data), np.uint8).astype(int)
    level = (256 ** ((codes & 127) / 127) - 1) / 255
    return np.where(codes & 128, -level, level)


def test_mu_law_is_decoded_to_what_it_was() -> None:
    sound = np.linspace(-1, 1, 1001)
    coded = base64.b64encode(samples._mu_law(sound)).decode()
    assert np.abs(decoded(coded) - sound).max() < 0.03


def test_recorded_timbres() -> None:
    pytest.importorskip("midirenderer", reason="the synthesiser is not installed (abclm[audio])")
    pytest.importorskip("pretty_midi", reason="the sound font is not installed (abclm[audio])")
    timbres: dict[str, Any] = samples.sampled_timbres()
    assert set(timbres) == {"fiddle", "flute", "whistle"}
    for rows in timbres.values():
        assert [round(row["pitch"]) for row in rows] == [57, 62, 67, 72, 77, 83, 88]
        for row in rows:
            sound = decoded(row["data"])
            first, last = row["loop"]
            assert 0 < first < last <= len(sound)
            assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.16, abs=0.01)
            # The end goes on into the beginning of the loop.
            jump = abs(sound[last - 1] - sound[first - 1])
            assert jump < 3 * np.abs(np.diff(sound)).mean() + 0.05
