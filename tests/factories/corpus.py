"""A generated corpus of Chinese pieces with planted near-copies, the same for the same seed. No real text is in it.

Words follow a long-tailed frequency, and a stock of set phrases runs through all pieces, as slogans do.
"""

import random
from dataclasses import dataclass

__all__ = ["Corpus", "Planted", "joined"]

_STOPS = "。。。！？；"


def joined(sentences: list[list[str]]) -> str:
    """Words to text."""
    return "".join("".join(words) + _STOPS[len(words) % len(_STOPS)] for words in sentences)


@dataclass(frozen=True)
class Planted:
    """A near-copy and the number of the piece it was made from."""

    kind: str
    source: int
    text: str


class Corpus:
    """`pieces` unrelated pieces of 800 to 2,500 characters, and ways to copy one."""

    def __init__(self, pieces: int, seed: int = 7) -> None:
        self.random = random.Random(seed)
        han = [chr(0x4E00 + n) for n in range(2500)]
        self.vocabulary = [
            "".join(self.random.choices(han, k=self.random.choice((1, 2, 2, 2, 3, 4)))) for _ in range(3000)
        ]
        self.weights = [1 / (n + 10) for n in range(3000)]
        self.phrases = ["".join(self._words(self.random.randint(3, 6))) for _ in range(60)]
        self.words = [self._piece(self.random.randint(800, 2500)) for _ in range(pieces)]
        self.texts = [joined(words) for words in self.words]

    def _words(self, count: int) -> list[str]:
        return self.random.choices(self.vocabulary, self.weights, k=count)

    def _sentence(self) -> list[str]:
        parts = [
            [self.random.choice(self.phrases)] if self.random.random() < 0.08 else self._words(3) for _ in range(6)
        ]
        return [word for part in parts for word in part]

    def _piece(self, characters: int) -> list[list[str]]:
        sentences: list[list[str]] = []
        while sum(len("".join(words)) for words in sentences) < characters:
            sentences.append(self._sentence())
        return sentences

    def paraphrase(self, source: int, share: float = 0.3) -> Planted:
        """That share of the words replaced by others."""
        changed = [
            [self._words(1)[0] if self.random.random() < share else word for word in words]
            for words in self.words[source]
        ]
        return Planted("paraphrase", source, joined(changed))

    def moved(self, source: int) -> Planted:
        """Every sentence in another place."""
        return Planted("moved", source, joined(self.random.sample(self.words[source], len(self.words[source]))))

    def half(self, source: int) -> Planted:
        """Half of the piece as one block inside a text of one's own."""
        words = self.words[source]
        start = self.random.randint(0, len(words) // 2)
        own = self._piece(len(self.texts[source]) // 2)
        at = self.random.randint(0, len(own))
        return Planted("half", source, joined(own[:at] + words[start : start + len(words) // 2] + own[at:]))

    def disguised(self, source: int) -> Planted:
        """Other punctuation, spaces, fillers and full-width digits between the same words."""
        noise = (" ", "，", "、", "\n", "\u3000", "·", "——", "\u200b")
        text = "".join(
            char + (self.random.choice(noise) if self.random.random() < 0.3 else "") for char in self.texts[source]
        )
        return Planted("disguised", source, text)
