"""A judge is taught on the network's own tunes and the real ones, the same each time."""

from collections.abc import Callable

import numpy as np

from abclm.compose.generation import Composer
from abclm.compose.phrase_features import phrase_features, phrases
from abclm.compose.phrase_notes import Heading
from abclm.compose.teaching import teach_judge
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import model_text, music_start
from abclm.notation.cursor.plan import Plan
from abclm.notation.cursor.plan_reader import remembered_bars

HEADER = "T:t\nM:2/4\nL:1/8\nK:{}\n"
OWN = HEADER.format("G") + "G2Bd|gfed|cAFA|G4|G2Bd|gfed|cAFA|G4|]\n"
REAL = [
    HEADER.format("D") + "dcBA|B2e2|fedc|d4|dcBA|B2e2|fedc|d4|]\n",
    HEADER.format("G") + "gfed|e2a2|bagf|g4|gfed|e2a2|bagf|g4|]\n",
]


def test_the_judge_prefers_real_phrases(spelling_model: Callable[..., Checkpoint]) -> None:
    model = spelling_model(OWN.removeprefix("T:t\n"), "T:t")
    composer = Composer(model)
    judge = teach_judge(composer, REAL, count=3)

    def weigh(text: str) -> float:
        read = model_text(text, composer.usual, planned=False)
        done = remembered_bars(read).done
        assert read[music_start(read) :]
        found = [
            judge.weigh(phrase_features(done, each, Plan(), Heading())) for each in phrases(done)
        ]
        assert found
        return float(np.mean(found))

    assert min(map(weigh, REAL)) > weigh(OWN)
    again = teach_judge(composer, REAL, count=3)
    assert (again.bias, again.weights.tolist()) == (judge.bias, judge.weights.tolist())
