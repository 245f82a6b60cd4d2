"""How libraries name and scale the losses of a margin."""

from losses.conventions.convention import (
    JAX,
    KERAS,
    PYTORCH,
    ROUNDS,
    SCIPY,
    SKLEARN,
    STATSMODELS,
    XGBOOST,
    Convention,
    Lookalike,
)

ROWS: dict[str, tuple[Convention | Lookalike, ...]] = {
    "zero_one": (
        Convention(
            SKLEARN,
            "sklearn.metrics.zero_one_loss(y, numpy.sign(s))",
            note="takes labels, not scores; sign(0) matches neither class, so a tie is a mistake",
        ),
        Convention(
            KERAS,
            "1 - keras.ops.mean(keras.metrics.binary_accuracy((y + 1) / 2, s, threshold=0.0))",
            note="threshold is 0.5 unless set; a score of 0 counts as the negative class",
            inexact=ROUNDS,
        ),
        Convention(
            XGBOOST,
            'eval_metric="error"',
            note="a metric, not an objective; a score of 0 counts as the negative class",
        ),
    ),
    "perceptron": (
        Convention(SKLEARN, 'SGDClassifier(loss="perceptron")'),
        Convention(
            PYTORCH,
            "torch.nn.functional.margin_ranking_loss(s, torch.zeros_like(s), y)",
            note="its default margin is 0",
        ),
        Convention(JAX, "optax.losses.perceptron_loss(s, y).mean()"),
    ),
    "hinge": (
        Convention(
            SKLEARN,
            "sklearn.metrics.hinge_loss(y, s)",
            note="needs both classes among y",
            inexact="it wants several classes among y",
        ),
        Convention(SKLEARN, 'SGDClassifier(loss="hinge")'),
        Convention(
            PYTORCH,
            "torch.nn.functional.margin_ranking_loss(s, torch.zeros_like(s), y, margin=1.0)",
            note="HingeEmbeddingLoss is another loss",
        ),
        Convention(
            KERAS, "keras.losses.hinge(y, s)", note="takes labels of 0 and 1 too", inexact=ROUNDS
        ),
        Convention(JAX, "optax.losses.hinge_loss(s, y).mean()"),
        Convention(XGBOOST, 'objective="binary:hinge"', note="by its gradient; labels of 0 and 1"),
        Lookalike(
            PYTORCH, "torch.nn.functional.hinge_embedding_loss(s, y)", "s itself where y is 1"
        ),
    ),
    "squared_hinge": (
        Convention(SKLEARN, 'SGDClassifier(loss="squared_hinge")', note="no ½"),
        Convention(
            SKLEARN,
            'LinearSVC(loss="squared_hinge", C=1 / (2 * lam * n))',
            times="",
            note="fits ½Σw² + C·(sum of ours), here ours + λΣw²; penalizes the intercept too",
        ),
        Convention(
            PYTORCH,
            "torch.nn.functional.multi_margin_loss(torch.stack([torch.zeros_like(s), s], dim=1), (y > 0).long(), p=2)",
            times="2",
            note="as two classes with scores 0 and s; it divides by the number of classes",
        ),
        Convention(
            KERAS,
            "keras.losses.squared_hinge(y, s)",
            note="takes labels of 0 and 1 too",
            inexact=ROUNDS,
        ),
    ),
    "smooth_hinge": (
        Convention(
            PYTORCH,
            "torch.nn.functional.smooth_l1_loss(torch.relu(1 - m), torch.zeros_like(m))",
            note="composed: the Huber loss with delta 1 of max(0, 1 − m)",
        ),
        Convention(
            JAX,
            "optax.losses.huber_loss(jax.nn.relu(1 - m)).mean()",
            note="composed: the Huber loss with delta 1 of max(0, 1 − m)",
        ),
    ),
    "logistic": (
        Convention(
            SKLEARN,
            "sklearn.metrics.log_loss(y, scipy.special.expit(s))",
            note="takes probabilities, clipped to 2.2e-16 from 0 and 1, so |m| counts up to 36",
            inexact="it clips probabilities",
        ),
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HalfBinomialLoss()((y + 1) / 2, s)",
            note="labels of 0 and 1; half the deviance is the whole log loss",
            private=True,
        ),
        Convention(SCIPY, "scipy.special.softplus(-m).mean()"),
        Convention(
            PYTORCH,
            "torch.nn.functional.soft_margin_loss(s, y)",
            note="infinite where m < −709",
            inexact="it is infinite far out",
        ),
        Convention(PYTORCH, "-torch.nn.functional.logsigmoid(m).mean()"),
        Convention(
            PYTORCH,
            "torch.nn.functional.softplus(-m).mean()",
            note="takes −m itself where m < −20: off by up to 2e-9",
        ),
        Convention(
            KERAS,
            "keras.losses.binary_crossentropy((y + 1) / 2, s, from_logits=True)",
            note="labels of 0 and 1",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.sigmoid_binary_cross_entropy(s, (y + 1) / 2).mean()",
            note="labels of 0 and 1",
        ),
        Convention(JAX, "jax.nn.softplus(-m).mean()"),
        Convention(
            STATSMODELS,
            "-statsmodels.api.Logit((y + 1) / 2, s[:, None]).loglike([1.0]) / len(y)",
            note="labels of 0 and 1; a sum over rows",
        ),
        Convention(
            XGBOOST, 'objective="binary:logistic"', note="by its gradient p − y; labels of 0 and 1"
        ),
        Lookalike(
            JAX, "optax.losses.sparsemax_loss(s, (y + 1) / 2).mean()", "zero beyond a margin of 1"
        ),
    ),
    "exponential": (
        Convention(
            SKLEARN,
            "sklearn._loss.loss.ExponentialLoss()((y + 1) / 2, s)",
            note="labels of 0 and 1; p = sigmoid(2s), half a logit",
            private=True,
        ),
    ),
    "modified_huber": (
        Convention(SKLEARN, 'SGDClassifier(loss="modified_huber")'),
        Convention(
            PYTORCH,
            "torch.nn.functional.huber_loss(torch.relu(1 - m), torch.zeros_like(m), delta=2.0)",
            times="2",
            note="composed: twice the Huber loss with delta 2 of max(0, 1 − m)",
        ),
        Convention(
            JAX,
            "optax.losses.huber_loss(jax.nn.relu(1 - m), delta=2.0).mean()",
            times="2",
            note="composed: twice the Huber loss with delta 2 of max(0, 1 − m)",
        ),
    ),
    "savage": (
        Convention(
            SKLEARN,
            "sklearn.metrics.brier_score_loss(y, scipy.special.expit(s))",
            note="on labels of −1 and 1 too; 4/(1 + exp 2m)², also called savage, is 4 × ours at 2m",
        ),
    ),
}
