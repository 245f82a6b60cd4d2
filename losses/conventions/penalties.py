"""How libraries name and scale the penalties, where the data cost is the mean squared error."""

from losses.conventions.convention import (
    JAX,
    KERAS,
    PYTORCH,
    ROUNDS,
    SKLEARN,
    STATSMODELS,
    XGBOOST,
    Convention,
    Lookalike,
)

ROWS: dict[str, tuple[Convention | Lookalike, ...]] = {
    "l1": (
        Convention(
            SKLEARN, "Lasso(alpha=lam / 2)", times="", note="fits ½ mean squared error + alpha·Σ|w|"
        ),
        Convention(
            SKLEARN,
            'SGDRegressor(penalty="l1", alpha=lam / 2)',
            times="",
            note="fits ½ mean squared error + alpha·Σ|w|",
        ),
        Convention(
            SKLEARN,
            'LogisticRegression(l1_ratio=1, solver="saga", C=1 / (lam * n))',
            times="",
            note='with the mean log loss as data cost: it fits Σ|w| + C·(sum); before scikit-learn 1.8 it needs penalty="l1", too',
        ),
        Convention(
            PYTORCH,
            "torch.linalg.vector_norm(w, ord=1)",
            times="lam",
            note="no optimizer has it: weight_decay is L2",
        ),
        Convention(
            KERAS,
            "keras.regularizers.L1L2(l1=lam)(w)",
            note="added to the mean cost",
            inexact=ROUNDS,
        ),
        Convention(
            KERAS,
            "keras.regularizers.L1(l1=lam)(w)",
            note="rounds lam to floatx, so float64 needs floatx float64",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.tree.norm(w, ord=1)", times="lam"),
        Convention(
            STATSMODELS,
            "OLS(y, X).fit_regularized(alpha=lam / 2, L1_wt=1)",
            times="",
            note="fits ½ mean squared error + alpha·Σ|w|; a constant column counts unless its alpha is 0",
        ),
        Convention(
            XGBOOST,
            "reg_alpha=n * lam / 2, reg_lambda=0",
            times="",
            note="on leaf values, beside a sum of ½r²; gblinear takes a mean instead: reg_alpha=lam / 2",
        ),
    ),
    "l2": (
        Convention(SKLEARN, "Ridge(alpha=n * lam)", times="", note="fits Σr² + alpha·Σw²"),
        Convention(
            SKLEARN,
            "ElasticNet(alpha=lam, l1_ratio=0)",
            times="",
            note="fits ½ mean squared error + ½·alpha·Σw²; warns, Ridge is meant",
        ),
        Convention(
            SKLEARN,
            'SGDRegressor(penalty="l2", alpha=lam)',
            times="",
            note="fits ½ mean squared error + ½·alpha·Σw²",
        ),
        Convention(
            SKLEARN,
            "LogisticRegression(C=1 / (2 * lam * n))",
            times="",
            note="with the mean log loss as data cost: it fits ½Σw² + C·(sum)",
        ),
        Convention(
            PYTORCH,
            "SGD(weight_decay=2 * lam)",
            times="",
            note="½·weight_decay·Σw² of all its parameters, biases too; AdamW decays outside the gradient",
        ),
        Convention(PYTORCH, "torch.linalg.vector_norm(w) ** 2", times="lam"),
        Convention(
            KERAS,
            "keras.regularizers.L2(l2=lam)(w)",
            note="no ½; added to the mean cost",
            inexact=ROUNDS,
        ),
        Convention(JAX, "optax.losses.l2_loss(w).sum()", times="2 * lam", note="½w²"),
        Convention(JAX, "optax.tree.norm(w, squared=True)", times="lam"),
        Convention(
            JAX,
            "add_decayed_weights(2 * lam)",
            times="",
            note="½·weight_decay·Σw², chained before sgd",
        ),
        Convention(
            STATSMODELS,
            "OLS(y, X).fit_regularized(alpha=lam, L1_wt=0)",
            times="",
            note="fits ½ mean squared error + ½·alpha·Σw²; a constant column counts unless its alpha is 0",
        ),
        Convention(
            XGBOOST,
            "reg_lambda=n * lam, reg_alpha=0",
            times="",
            note="½ on leaf values, beside a sum of ½r²; gblinear takes a mean instead: reg_lambda=lam",
        ),
    ),
    "elastic_net": (
        Convention(
            SKLEARN,
            "ElasticNet(alpha=lam * (1 - mix / 2), l1_ratio=mix / (2 - mix))",
            times="",
            note="fits ½ mean squared error + alpha·(l1_ratio·Σ|w| + ½(1 − l1_ratio)·Σw²)",
        ),
        Convention(
            SKLEARN,
            'SGDRegressor(penalty="elasticnet", alpha=lam * (1 - mix / 2), l1_ratio=mix / (2 - mix))',
            times="",
            note="fits ½ mean squared error + alpha·(l1_ratio·Σ|w| + ½(1 − l1_ratio)·Σw²)",
        ),
        Convention(
            PYTORCH,
            "mix * torch.linalg.vector_norm(w, ord=1) + (1 - mix) * torch.linalg.vector_norm(w) ** 2",
            times="lam",
        ),
        Convention(
            KERAS,
            "keras.regularizers.L1L2(l1=lam * mix, l2=lam * (1 - mix))(w)",
            note="no ½",
            inexact=ROUNDS,
        ),
        Convention(
            JAX,
            "mix * optax.tree.norm(w, ord=1) + (1 - mix) * optax.tree.norm(w, squared=True)",
            times="lam",
        ),
        Convention(
            STATSMODELS,
            "OLS(y, X).fit_regularized(alpha=lam * (1 - mix / 2), L1_wt=mix / (2 - mix))",
            times="",
            note="fits ½ mean squared error + alpha·(L1_wt·Σ|w| + ½(1 − L1_wt)·Σw²)",
        ),
        Convention(
            XGBOOST,
            "reg_alpha=n * lam * mix / 2, reg_lambda=n * lam * (1 - mix)",
            times="",
            note="on leaf values, beside a sum of ½r²; gblinear: without the n",
        ),
    ),
}
