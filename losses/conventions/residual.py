"""How libraries name and scale the losses of a residual."""

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
    "squared_error": (
        Convention(
            HAND,
            "numpy.mean(r ** 2) / 2",
            times="2",
            note="½ r², as many texts write it, so that the gradient is r",
        ),
        Convention(SKLEARN, "sklearn.metrics.mean_squared_error(y, s)"),
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HalfSquaredError()(y, s)",
            times="2",
            note="½r²",
            private=True,
        ),
        Convention(
            SKLEARN,
            'SGDRegressor(loss="squared_error")',
            times="2",
            note="½r² in spite of its name",
        ),
        Convention(
            SCIPY,
            "scipy.optimize.least_squares(lambda _: r, 0.0).cost / len(r)",
            times="2",
            note="½Σr²; cost is a sum over rows",
        ),
        Convention(PYTORCH, "torch.nn.functional.mse_loss(s, y)"),
        Convention(
            KERAS,
            "keras.losses.mean_squared_error(y, s)",
            note="mean over the last axis only",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.losses.squared_error(s, y).mean()"),
        Convention(JAX, "optax.losses.l2_loss(s, y).mean()", times="2", note="½r²"),
        Convention(STATSMODELS, "statsmodels.tools.eval_measures.mse(y, s)"),
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.LeastSquares().rho(r).mean()",
            times="2",
            note="½r²",
        ),
        Convention(
            XGBOOST,
            'objective="reg:squarederror"',
            times="2",
            note="½r² by its gradient r; metric rmse is a root",
        ),
    ),
    "absolute_error": (
        Convention(SKLEARN, "sklearn.metrics.mean_absolute_error(y, s)"),
        Convention(SKLEARN, "sklearn._loss.loss.AbsoluteError()(y, s)", private=True),
        Convention(
            PYTORCH, "torch.nn.functional.l1_loss(s, y)", note="L1 of residuals, not of weights"
        ),
        Convention(KERAS, "keras.losses.mean_absolute_error(y, s)", inexact=ROUNDS),
        Convention(STATSMODELS, "statsmodels.tools.eval_measures.meanabs(y, s)"),
        Convention(XGBOOST, 'objective="reg:absoluteerror"', note="leaves are then set to medians"),
    ),
    "huber": (
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HuberLoss(delta=delta)(y, s)",
            note="GradientBoosting resets delta to a quantile of |r| each stage",
            private=True,
        ),
        Convention(
            SKLEARN,
            'SGDRegressor(loss="huber", epsilon=delta)',
            note="epsilon is delta; default 0.1",
        ),
        Convention(
            SKLEARN,
            "HuberRegressor(epsilon=delta / sigma, alpha=0)",
            times="",
            note="delta = epsilon·sigma, and sigma is fitted; a row costs sigma + 2·huber/sigma",
        ),
        Convention(SCIPY, "scipy.special.huber(delta, r).mean()", note="delta comes first"),
        Convention(
            SCIPY,
            'scipy.optimize.least_squares(lambda _: r, 0.0, loss="huber", f_scale=delta).cost / len(r)',
            note="f_scale is delta; cost is a sum over rows",
        ),
        Convention(PYTORCH, "torch.nn.functional.huber_loss(s, y, delta=delta)"),
        Convention(
            PYTORCH,
            "torch.nn.functional.smooth_l1_loss(s, y, beta=delta)",
            times="delta",
            note="SmoothL1 is Huber / delta",
        ),
        Convention(KERAS, "keras.losses.huber(y, s, delta=delta)", inexact=ROUNDS),
        Convention(JAX, "optax.losses.huber_loss(s, y, delta=delta).mean()"),
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.HuberT(t=delta).rho(r).mean()",
            note="default t = 1.345; RLM first divides r by a scale that it estimates",
        ),
    ),
    "smooth_l1": (
        Convention(
            SKLEARN,
            "sklearn._loss.loss.HuberLoss(delta=beta)(y, s)",
            times="1 / beta",
            private=True,
        ),
        Convention(
            SCIPY, "scipy.special.huber(beta, r).mean()", times="1 / beta", note="Huber / beta"
        ),
        Convention(PYTORCH, "torch.nn.functional.smooth_l1_loss(s, y, beta=beta)"),
        Convention(
            PYTORCH,
            "torch.nn.functional.huber_loss(s, y, delta=beta)",
            times="1 / beta",
            note="Huber / beta",
        ),
        Convention(
            KERAS,
            "keras.losses.huber(y, s, delta=beta)",
            times="1 / beta",
            note="Huber / beta",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.huber_loss(s, y, delta=beta).mean()",
            times="1 / beta",
            note="Huber / beta",
        ),
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.HuberT(t=beta).rho(r).mean()",
            times="1 / beta",
            note="Huber / beta",
        ),
    ),
    "pseudo_huber": (
        Convention(SCIPY, "scipy.special.pseudo_huber(delta, r).mean()", note="delta comes first"),
        Convention(
            SCIPY,
            'scipy.optimize.least_squares(lambda _: r, 0.0, loss="soft_l1", f_scale=delta).cost / len(r)',
            note="called soft_l1; f_scale is delta; loses digits where |r| ≪ delta",
        ),
        Convention(
            XGBOOST,
            'objective="reg:pseudohubererror", huber_slope=delta',
            note="by its gradient; huber_slope is delta and not the slope of a Huber loss",
        ),
    ),
    "log_cosh": (
        Convention(
            KERAS,
            "keras.losses.log_cosh(y, s)",
            note="float64 needs floatx float64; PyTorch backend off by 1e-10 where r < −10",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.losses.log_cosh(s, y).mean()", note="loses digits where |r| ≪ 1"),
    ),
    "quantile": (
        Convention(
            SKLEARN,
            "sklearn.metrics.mean_pinball_loss(y, s, alpha=tau)",
            note="alpha is tau; half the absolute error at 0.5",
        ),
        Convention(SKLEARN, "sklearn._loss.loss.PinballLoss(quantile=tau)(y, s)", private=True),
        Convention(
            XGBOOST,
            'objective="reg:quantileerror", quantile_alpha=tau',
            note="quantile_alpha is tau; leaves are then set to quantiles",
        ),
    ),
    "expectile": (
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.MQuantileNorm(tau, statsmodels.robust.norms.LeastSquares()).rho(-r).mean()",
            times="2",
            note="of y − s, hence −r; its LeastSquares is ½r²",
        ),
    ),
    "epsilon_insensitive": (
        Convention(
            SKLEARN, 'SGDRegressor(loss="epsilon_insensitive", epsilon=epsilon)', note="default 0.1"
        ),
        Convention(
            SKLEARN,
            'LinearSVR(loss="epsilon_insensitive", epsilon=epsilon, C=1 / (2 * lam * n))',
            times="",
            note="fits ½Σw² + C·(sum of ours), here ours + λΣw²; default epsilon 0",
        ),
    ),
    "squared_epsilon_insensitive": (
        Convention(
            SKLEARN,
            'SGDRegressor(loss="squared_epsilon_insensitive", epsilon=epsilon)',
            note="no ½, although its squared_error has one; default 0.1",
        ),
        Convention(
            SKLEARN,
            'LinearSVR(loss="squared_epsilon_insensitive", epsilon=epsilon, C=1 / (2 * lam * n))',
            times="",
            note="fits ½Σw² + C·(sum of ours), here ours + λΣw²; default epsilon 0",
        ),
    ),
    "cauchy": (
        Convention(
            SCIPY,
            'scipy.optimize.least_squares(lambda _: r, 0.0, loss="cauchy", f_scale=c).cost / len(r)',
            note="f_scale is c; cost is a sum over rows",
        ),
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.StudentT(c=c, df=1).rho(r).mean()",
            note="one degree of freedom; its default is df=4, c=2.3849",
        ),
    ),
    "tukey_biweight": (
        Convention(
            STATSMODELS,
            "statsmodels.robust.norms.TukeyBiweight(c=c).rho(r).mean()",
            note="same default 4.685; RLM first divides r by a scale that it estimates",
        ),
    ),
}
