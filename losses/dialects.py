"""How each array library spells the functions of an expression."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How a library's arrays are made, the labels as numbers or classes, and its spelling.

    A spelling is a template of the arguments, {0}, {1}, …; what is not listed keeps its name behind
    the library's own prefix. In an expression, `maximum` is always that of a number and zero.
    """

    prefix: str
    numbers: str
    classes: str
    functions: Mapping[str, str]

    def spell(self, expression: str) -> str:
        """The expression in this library's words."""
        return ast.unparse(_Spelling(self).visit(ast.parse(expression, mode="eval")))


class _Spelling(ast.NodeTransformer):
    """Renames every call; constants inside a logarithm are left to Python."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def visit_Call(self, node: ast.Call) -> ast.AST:
        arguments = [ast.unparse(self.visit(part)) for part in node.args]
        name = ast.unparse(node.func)
        if all(isinstance(part, ast.Constant) for part in node.args):
            return _parsed(f"math.{name}({', '.join(arguments)})")
        template = self.dialect.functions.get(name)
        if template is None:
            return _parsed(f"{self.dialect.prefix}.{name}({', '.join(arguments)})")
        return _parsed(template.format(*arguments))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return _parsed("math.inf") if node.id == "inf" else node


def _parsed(text: str) -> ast.AST:
    return ast.parse(text, mode="eval").body


KERAS = (
    "keras.config.set_floatx(str(s.dtype))  # else Keras rounds to 32 bits\n"
    "y = keras.ops.convert_to_tensor(y.astype({}))\n"
    "s = keras.ops.convert_to_tensor(s)\n"
)
JAX = (
    'jax.config.update("jax_enable_x64", True)  # else JAX computes in 32 bits\n'
    "s = jnp.asarray(s)\n"
)
DIALECTS = {
    "NumPy": Dialect(
        prefix="np",
        numbers="y = y.astype(s.dtype)\n",
        classes="y = y.astype(int)\n",
        functions={
            "mean": "({0}).mean()",
            "softplus": "np.logaddexp({0}, 0)",
            "sigmoid": "1 / (1 + np.exp(-({0})))",
            "xlogx": "{0} * np.log(np.where({0} > 0, {0}, 1))",
            "sum": "({0}).sum(axis=-1)",
            "max": "({0}).max(axis=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "np.arange({1}) == {0}[:, None]",
            "logsumexp": "np.logaddexp.reduce({0}, axis=-1)",
            "softmax": "np.exp({0} - np.logaddexp.reduce({0}, axis=-1, keepdims=True))",
        },
    ),
    "PyTorch": Dialect(
        prefix="torch",
        numbers="s = torch.as_tensor(s)\ny = torch.as_tensor(y, dtype=s.dtype)\n",
        classes="s = torch.as_tensor(s)\ny = torch.as_tensor(y, dtype=torch.long)\n",
        functions={
            "mean": "({0}).mean()",
            "maximum": "torch.relu({0})",
            "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
            "xlogx": "torch.special.xlogy({0}, {0})",
            "sum": "({0}).sum(dim=-1)",
            "max": "({0}).amax(dim=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "torch.nn.functional.one_hot({0}, {1})",
            "logsumexp": "torch.logsumexp({0}, dim=-1)",
            "softmax": "torch.softmax({0}, dim=-1)",
        },
    ),
    "Keras": Dialect(
        prefix="keras.ops",
        numbers=KERAS.format("s.dtype"),
        classes=KERAS.format("int"),
        functions={
            "mean": "keras.ops.sum({0}) / len({0})",
            "maximum": "keras.ops.relu({0})",  # its own maximum rounds to 32 bits
            "softplus": "keras.ops.relu({0}) + keras.ops.log1p(keras.ops.exp(-keras.ops.abs({0})))",
            "xlogx": "{0} * keras.ops.log(keras.ops.where({0} > 0, {0}, 1))",
            "sum": "keras.ops.sum({0}, axis=-1)",
            "max": "keras.ops.max({0}, axis=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "keras.ops.one_hot({0}, {1})",
            "logsumexp": "keras.ops.logsumexp({0}, axis=-1)",
            "softmax": "keras.ops.softmax({0}, axis=-1)",
        },
    ),
    "JAX": Dialect(
        prefix="jnp",
        numbers=f"{JAX}y = jnp.asarray(y, s.dtype)\n",
        classes=f"{JAX}y = jnp.asarray(y, int)\n",
        functions={
            "mean": "({0}).mean()",
            "softplus": "jax.nn.softplus({0})",
            "sigmoid": "jax.nn.sigmoid({0})",
            "xlogx": "jax.scipy.special.xlogy({0}, {0})",
            "sum": "({0}).sum(axis=-1)",
            "max": "({0}).max(axis=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "jax.nn.one_hot({0}, {1})",
            "logsumexp": "jax.nn.logsumexp({0}, axis=-1)",
            "softmax": "jax.nn.softmax({0}, axis=-1)",
        },
    ),
}
