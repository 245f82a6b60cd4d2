"""Cross-entropy: what a surprise costs, where that bottoms, and what one confident mistake does."""

from pages.shared import ask, floors, margins, mistake, surprises, triangle

QUESTIONS = {
    "What does a surprise cost?": surprises.one,
    "Where is its floor?": floors.answer,
    "And of three classes?": triangle.answer,
    "Two, or many?": surprises.many,
    "Why not count mistakes?": margins.answer,
    "One mistake?": mistake.answer,
}

QUESTIONS[ask.question(QUESTIONS, "surprise")]()
