"""How libraries name and scale the losses of a positive target."""

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
    "poisson": (
        Convention(
            SKLEARN,
            "sklearn.metrics.mean_poisson_deviance(y, numpy.exp(s))",
            times="1 / 2",
            note="takes the mean, not its log; the deviance is twice ours",
        ),
        Convention(
            SKLEARN,
            "(sklearn._loss.loss.HalfPoissonLoss().loss(y, s) + sklearn._loss.loss.HalfPoissonLoss().constant_to_optimal_zero(y)).mean()",
            note="without the constant it drops y log y − y",
            private=True,
        ),
        Convention(
            SCIPY,
            "scipy.special.kl_div(y, numpy.exp(s)).mean()",
            note="keeps the −y + μ that a Kullback–Leibler divergence does not have",
        ),
        Convention(
            PYTORCH,
            "torch.nn.functional.poisson_nll_loss(s, y) - (y - torch.special.xlogy(y, y)).mean()",
            note="its own loss drops y log y − y; full=True adds Stirling's terms instead",
        ),
        Convention(
            JAX,
            "optax.losses.generalized_kl_divergence(s, y) / len(y)",
            note="sums over the last axis",
        ),
        Convention(JAX, "jax.scipy.special.kl_div(y, jax.numpy.exp(s)).mean()"),
        Convention(
            STATSMODELS,
            "statsmodels.api.families.Poisson().deviance(y, numpy.exp(s)) / len(y)",
            times="1 / 2",
            note="takes the mean, not its log; a sum over rows of twice ours",
        ),
        Convention(
            XGBOOST,
            'objective="count:poisson"',
            note="by its gradient μ − y; max_delta_step is 0.7 unless set",
        ),
        Lookalike(
            PYTORCH,
            "torch.nn.functional.poisson_nll_loss(s, y)",
            "drops y log y − y, so it can be negative",
        ),
        Lookalike(
            PYTORCH,
            "torch.nn.functional.poisson_nll_loss(s, y, full=True)",
            "adds y log y − y + ½ log 2πy, and only where y > 1",
        ),
        Lookalike(PYTORCH, "torch.nn.functional.kl_div(s, y)", "lacks μ − y"),
        Lookalike(
            KERAS,
            "keras.losses.poisson(y, keras.ops.exp(s))",
            "drops y log y − y, and adds 1e-7 to the mean before its log",
        ),
        Lookalike(SKLEARN, "sklearn._loss.loss.HalfPoissonLoss()(y, s)", "drops y log y − y"),
    ),
    "gamma": (
        Convention(
            SKLEARN,
            "sklearn.metrics.mean_gamma_deviance(y, numpy.exp(s))",
            times="1 / 2",
            note="takes the mean, not its log; the deviance is twice ours",
        ),
        Convention(
            SKLEARN,
            "(sklearn._loss.loss.HalfGammaLoss().loss(y, s) + sklearn._loss.loss.HalfGammaLoss().constant_to_optimal_zero(y)).mean()",
            note="without the constant it drops −log y − 1",
            private=True,
        ),
        Convention(
            STATSMODELS,
            "statsmodels.api.families.Gamma().deviance(y, numpy.exp(s)) / len(y)",
            times="1 / 2",
            note="takes the mean, not its log; a sum over rows of twice ours",
        ),
        Convention(XGBOOST, 'objective="reg:gamma"', note="by its gradient 1 − y/μ"),
        Lookalike(SKLEARN, "sklearn._loss.loss.HalfGammaLoss()(y, s)", "drops −log y − 1"),
    ),
    "tweedie": (
        Convention(
            SKLEARN,
            "sklearn.metrics.mean_tweedie_deviance(y, numpy.exp(s), power=power)",
            times="1 / 2",
            note="its default power is 0, the squared error",
        ),
        Convention(
            SKLEARN,
            "(sklearn._loss.loss.HalfTweedieLoss(power=power).loss(y, s) + sklearn._loss.loss.HalfTweedieLoss(power=power).constant_to_optimal_zero(y)).mean()",
            note="without the constant it drops the terms in y alone",
            private=True,
        ),
        Convention(
            STATSMODELS,
            "statsmodels.api.families.Tweedie(var_power=power).deviance(y, numpy.exp(s)) / len(y)",
            times="1 / 2",
            note="its default var_power is 1; a sum over rows of twice ours",
        ),
        Convention(
            XGBOOST,
            'objective="reg:tweedie", tweedie_variance_power=power',
            note="by its gradient; powers between 1 and 2 only",
        ),
        Lookalike(
            SKLEARN,
            "sklearn._loss.loss.HalfTweedieLoss(power=power)(y, s)",
            "drops the terms in y alone",
        ),
    ),
    "squared_log_error": (
        Convention(SKLEARN, "sklearn.metrics.mean_squared_log_error(y, s)"),
        Convention(
            PYTORCH, "torch.nn.functional.mse_loss(torch.log1p(s), torch.log1p(y))", note="composed"
        ),
        Convention(
            KERAS,
            "keras.losses.mean_squared_logarithmic_error(y, s)",
            note="sets negative y and s to 1e-7 first; adds 1 before the log, so no log1p digits",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "optax.losses.squared_error(jax.numpy.log1p(s), jax.numpy.log1p(y)).mean()",
            note="composed",
        ),
        Convention(
            XGBOOST, 'objective="reg:squaredlogerror"', times="2", note="½ of ours by its gradient"
        ),
    ),
    "absolute_percentage_error": (
        Convention(
            SKLEARN,
            "sklearn.metrics.mean_absolute_percentage_error(y, s)",
            note="a fraction, not per cent; |y| is at least 2.2e-16",
        ),
        Convention(
            KERAS,
            "keras.losses.mean_absolute_percentage_error(y, s)",
            times="1 / 100",
            note="per cent; |y| is at least 1e-7",
            inexact=ROUNDS,
        ),
        Convention(
            XGBOOST,
            'eval_metric="mape"',
            note="a metric, not an objective; a fraction, not per cent",
        ),
        Lookalike(
            STATSMODELS,
            "statsmodels.tools.eval_measures.rmspe(y, s)",
            "the root of 100 times the mean of the squared fractions",
        ),
    ),
}
