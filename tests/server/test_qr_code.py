import pytest

from abclm.server.qr_code import qr_code


def test_an_address_as_half_blocks() -> None:
    pytest.importorskip("segno", reason="segno is not installed (abclm[score])")
    code = qr_code("http://192.168.1.20:8765/")
    assert code is not None
    lines = code.splitlines()
    # Version 2 has 25 modules, and two light ones on each side.
    assert {len(line) for line in lines} == {29}
    assert len(lines) == 15
    assert set(code) <= set("█▀▄ \n")
    assert lines[0] == "█" * 29
