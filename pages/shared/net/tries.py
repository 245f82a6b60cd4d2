"""Runs worth a look: links that set the page so that something happens, by its name."""

from urllib.parse import urlencode

import streamlit as st

Setting = dict[str, str]
MOONS: Setting = {"generator": "Moons"}
SIGMOIDS: Setting = {
    "generator": "Two blobs",
    "activation": "Sigmoid",
    "hidden": "3",
    "net_adam_eta": "1",
}
PLAIN: Setting = {"net_optimizer": "Gradient descent"}

TRIES: dict[str, Setting] = {
    "It learns two moons": MOONS,
    "Dead ReLUs: nothing moves any more": MOONS
    | PLAIN
    | {"activation": "ReLU", "net_gradient_descent_eta": "2", "hidden": "3"}
    | {"units_1": "4", "units_2": "4", "units_3": "4"},
    "Sigmoid and squared error: stuck": SIGMOIDS | {"loss": "Brier"},
    "The same with cross-entropy: it learns": SIGMOIDS | {"loss": "Cross-entropy"},
    "It waits on a plateau, then falls": MOONS
    | PLAIN
    | {"activation": "Sigmoid", "net_gradient_descent_eta": "2"},
    "It diverges": {"generator": "Line with outliers", "hidden": "2"}
    | PLAIN
    | {"net_gradient_descent_eta": "1"},
    "A smaller rate from step 100 on": MOONS
    | {"net_adam_eta": "0.01", "batch": "16 rows"}
    | {"earlier": "100~cross_entropy~adam,eta=0.2~16"},
    "Another loss from step 60 on": MOONS | {"earlier": "60~brier~adam~0"},
}


def menu() -> None:
    """The links in a box that opens."""
    with st.popover("Try", width="stretch"):
        st.markdown("Each opens in a tab of its own:")
        for name, settings in TRIES.items():
            st.markdown(f"[{name}]({address(settings)})")


def address(settings: Setting) -> str:
    """Where a try lives: this page, with all that makes it."""
    return f"/network?{urlencode(settings)}"
