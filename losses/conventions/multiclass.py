"""How libraries name and scale the losses of several logits."""

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
    "softmax_cross_entropy": (
        Convention(
            HAND,
            "numpy.mean(numpy.log2(numpy.exp(s).sum(axis=1)) - s[numpy.arange(len(y)), y] / numpy.log(2))",
            times="log(2)",
            note="in bits; ours is in nats, log 2 to the bit",
            only={"smoothing": 0.0},
        ),
        Convention(
            SKLEARN,
            "sklearn.metrics.log_loss(y, scipy.special.softmax(s, axis=1), labels=range(s.shape[1]))",
            note="with sample_weight it divides by Σw; clips probabilities 2.2e-16 from 0 and 1",
            only={"smoothing": 0.0},
            inexact="it clips probabilities",
        ),
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HalfMultinomialLoss(n_classes=s.shape[1])(y.astype(s.dtype), s)",
            note="the whole log loss",
            only={"smoothing": 0.0},
            private=True,
        ),
        Convention(
            SCIPY,
            "-numpy.take_along_axis(scipy.special.log_softmax(s, axis=1), y[:, None], 1).mean()",
            note="composed",
            only={"smoothing": 0.0},
        ),
        Convention(
            PYTORCH,
            "torch.nn.functional.cross_entropy(s, y, label_smoothing=smoothing)",
            note="same smoothing, ε/K to every class; with class weights it divides by Σw",
        ),
        Convention(
            KERAS,
            "keras.ops.mean(keras.losses.categorical_crossentropy(keras.ops.one_hot(y, s.shape[1]), s, from_logits=True, label_smoothing=smoothing))",
            note="same smoothing, ε/K to every class; without from_logits it clips at 1e-7",
            inexact=ROUNDS,
        ),
        Convention(
            KERAS,
            "keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, s, from_logits=True))",
            note="cannot smooth",
            only={"smoothing": 0.0},
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.softmax_cross_entropy(s, optax.losses.smooth_labels(jax.nn.one_hot(y, s.shape[1]), smoothing)).mean()",
            note="same smoothing, ε/K to every class",
        ),
        Convention(
            JAX,
            "optax.losses.softmax_cross_entropy_with_integer_labels(s, y).mean()",
            note="cannot smooth",
            only={"smoothing": 0.0},
        ),
        Convention(
            STATSMODELS,
            "-statsmodels.api.MNLogit(y, s - s[:, :1]).loglike(numpy.eye(s.shape[1])[:, 1:]) / len(y)",
            note="class 0 is its reference; a sum over rows",
            only={"smoothing": 0.0},
        ),
        Convention(
            XGBOOST,
            'objective="multi:softprob", num_class=K',
            note="by its gradient p − [k = y]; its second derivative is twice ours",
            only={"smoothing": 0.0},
        ),
    ),
    "softmax_focal": (
        Convention(
            KERAS,
            "keras.ops.mean(keras.losses.categorical_focal_crossentropy(keras.ops.one_hot(y, s.shape[1]), s, alpha=1.0, gamma=gamma, from_logits=True))",
            note="default alpha 0.25 scales every class alike; clips p at 1e-7 even from logits",
            inexact=ROUNDS,
        ),
        Lookalike(
            KERAS,
            "keras.ops.mean(keras.losses.categorical_focal_crossentropy(keras.ops.one_hot(y, s.shape[1]), s, gamma=gamma, from_logits=True))",
            "a quarter of ours: its alpha is 0.25 for every class",
        ),
    ),
    "multiclass_hinge": (
        Convention(
            SKLEARN,
            "sklearn.metrics.hinge_loss(y, s, labels=range(s.shape[1]))",
            note="for more than two classes",
            inexact="it wants several classes among y",
        ),
        Convention(
            KERAS,
            "keras.ops.mean(keras.losses.categorical_hinge(keras.ops.one_hot(y, s.shape[1]), s - keras.ops.min(s, axis=1, keepdims=True)))",
            note="shifted, since it takes the largest other score to be at least 0",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.losses.multiclass_hinge_loss(s, y).mean()"),
        Lookalike(
            PYTORCH,
            "torch.nn.functional.multi_margin_loss(s, y)",
            "the sum over the other classes (Weston–Watkins), divided by K",
        ),
        Lookalike(
            KERAS,
            "keras.ops.mean(keras.losses.categorical_hinge(keras.ops.one_hot(y, s.shape[1]), s))",
            "takes the largest other score to be at least 0",
        ),
        Lookalike(
            JAX, "optax.losses.multiclass_perceptron_loss(s, y).mean()", "without the margin of 1"
        ),
    ),
    "multiclass_brier": (
        Convention(
            SKLEARN,
            "sklearn.metrics.brier_score_loss(y, scipy.special.softmax(s, axis=1), labels=range(s.shape[1]), scale_by_half=False)",
            note="by default it halves for two classes and not for more",
        ),
        Convention(
            PYTORCH,
            "s.shape[1] * torch.nn.functional.mse_loss(torch.softmax(s, dim=1), torch.nn.functional.one_hot(y, s.shape[1]).to(s.dtype))",
            note="composed; it averages over the classes too",
        ),
        Convention(
            KERAS,
            "s.shape[1] * keras.ops.mean(keras.losses.mean_squared_error(keras.ops.one_hot(y, s.shape[1]), keras.ops.softmax(s)))",
            note="composed; it averages over the classes too",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.squared_error(jax.nn.softmax(s), jax.nn.one_hot(y, s.shape[1])).sum(axis=1).mean()",
            note="composed",
        ),
        Lookalike(
            PYTORCH,
            "torch.nn.functional.mse_loss(torch.softmax(s, dim=1), torch.nn.functional.one_hot(y, s.shape[1]).to(s.dtype))",
            "averages over the classes too",
        ),
    ),
}
