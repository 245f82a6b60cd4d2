"""How libraries name and scale the losses of a binary logit."""

from losses.conventions.convention import (
    HAND,
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
    "cross_entropy": (
        Convention(
            HAND,
            "numpy.mean(y * numpy.log2(1 + numpy.exp(-z)) + (1 - y) * numpy.log2(1 + numpy.exp(z)))",
            times="log(2)",
            note="in bits; ours is in nats, log 2 to the bit",
            only={"positive_weight": 1.0, "smoothing": 0.0},
        ),
        Convention(
            SKLEARN,
            "sklearn.metrics.log_loss(y, scipy.special.expit(s))",
            note="with sample_weight it divides by Σw; clips probabilities 2.2e-16 from 0 and 1",
            only={"positive_weight": 1.0, "smoothing": 0.0},
            inexact="it clips probabilities",
        ),
        Convention(
            SKLEARN,
            "sklearn.metrics.log_loss(y, scipy.special.expit(s), normalize=False, sample_weight=numpy.where(y == 1, positive_weight, 1.0)) / len(y)",
            note="normalize=False, since it would divide by Σw",
            only={"smoothing": 0.0},
            inexact="it clips probabilities",
        ),
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HalfBinomialLoss()(y * (1 - smoothing) + smoothing / 2, s)",
            note="half the deviance is the whole log loss",
            only={"positive_weight": 1.0},
            private=True,
        ),
        Convention(
            SCIPY,
            "-(positive_weight * (y * (1 - smoothing) + smoothing / 2) * scipy.special.log_expit(z) + (1 - y * (1 - smoothing) - smoothing / 2) * scipy.special.log_expit(-z)).mean()",
            note="composed",
        ),
        Convention(
            PYTORCH,
            "torch.nn.functional.binary_cross_entropy_with_logits(s, y * (1 - smoothing) + smoothing / 2, pos_weight=s.new_tensor(positive_weight))",
            note="divides by n, not by Σw; smoothing is done by hand",
        ),
        Convention(
            KERAS,
            "keras.losses.binary_crossentropy(y, s, from_logits=True, label_smoothing=smoothing)",
            note="same smoothing, ½ε; without from_logits it clips at 1e-7",
            only={"positive_weight": 1.0},
            inexact=ROUNDS,
        ),
        Convention(
            KERAS,
            'keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")(y[:, None], s[:, None], sample_weight=keras.ops.where(y == 1, positive_weight, 1.0))',
            note="divides by n, not by Σw; 1-D rows would be averaged before they are weighted",
            only={"smoothing": 0.0},
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.sigmoid_binary_cross_entropy(s, y * (1 - smoothing) + smoothing / 2).mean()",
            note="optax.smooth_labels on 1-D labels would divide by n instead of 2",
            only={"positive_weight": 1.0},
        ),
        Convention(
            JAX,
            "(jax.numpy.where(y == 1, positive_weight, 1.0) * optax.losses.sigmoid_binary_cross_entropy(s, y)).mean()",
            only={"smoothing": 0.0},
        ),
        Convention(
            STATSMODELS,
            "-statsmodels.api.Logit(y, s[:, None]).loglike([1.0]) / len(y)",
            note="a sum over rows",
            only={"positive_weight": 1.0, "smoothing": 0.0},
        ),
        Convention(
            STATSMODELS,
            "statsmodels.api.families.Binomial().deviance(y, scipy.special.expit(s), var_weights=numpy.where(y == 1, positive_weight, 1.0)) / len(y)",
            times="1 / 2",
            note="a sum over rows of twice ours",
            only={"smoothing": 0.0},
        ),
        Convention(
            XGBOOST,
            'objective="binary:logistic", scale_pos_weight=positive_weight',
            note="by its gradient; base_score is a probability",
            only={"smoothing": 0.0},
        ),
        Lookalike(
            KERAS,
            "keras.losses.BinaryCrossentropy(from_logits=True)(y, s, sample_weight=keras.ops.where(y == 1, positive_weight, 1.0))",
            "1-D rows are averaged first, then multiplied by the mean weight; float32 as well",
        ),
        Lookalike(
            SKLEARN,
            "sklearn.metrics.log_loss(y, scipy.special.expit(s), sample_weight=numpy.where(y == 1, positive_weight, 1.0))",
            "divides by Σw",
        ),
    ),
    "focal": (
        Convention(
            PYTORCH,
            'torchvision.ops.sigmoid_focal_loss(s, y, alpha=-1 if alpha is None else alpha, gamma=gamma, reduction="mean")',
            note="in torchvision; its default alpha is 0.25, and −1 is none",
        ),
        Convention(
            KERAS,
            "keras.losses.binary_focal_crossentropy(y, s, apply_class_balancing=alpha is not None, alpha=alpha, gamma=gamma, from_logits=True)",
            note="alpha counts only with apply_class_balancing; clips p at 1e-7 even from logits",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.sigmoid_focal_loss(s, y, alpha=alpha, gamma=gamma).mean()",
            note="alpha is None by default, gamma 2",
        ),
        Lookalike(
            KERAS,
            "keras.losses.binary_focal_crossentropy(y, s, alpha=alpha or 0.25, gamma=gamma, from_logits=True)",
            "alpha does nothing without apply_class_balancing",
        ),
        Lookalike(
            PYTORCH,
            'torchvision.ops.sigmoid_focal_loss(s, y, gamma=gamma, reduction="mean")',
            "its alpha is 0.25",
        ),
    ),
    "brier": (
        Convention(
            SKLEARN,
            "sklearn.metrics.brier_score_loss(y, scipy.special.expit(s))",
            note="halved for two classes by default, which is ours; scale_by_half=False doubles it",
        ),
        Convention(PYTORCH, "torch.nn.functional.mse_loss(torch.sigmoid(s), y)", note="composed"),
        Convention(
            KERAS,
            "keras.losses.mean_squared_error(y, keras.ops.sigmoid(s))",
            note="composed",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.losses.squared_error(jax.nn.sigmoid(s), y).mean()", note="composed"),
        Convention(
            STATSMODELS,
            "statsmodels.tools.eval_measures.mse(y, scipy.special.expit(s))",
            note="composed",
        ),
        Lookalike(
            SKLEARN,
            "sklearn.metrics.brier_score_loss(y, scipy.special.expit(s), scale_by_half=False)",
            "Brier's own sum over both classes: twice ours",
        ),
    ),
}
