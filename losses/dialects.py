"""How each array library spells the functions of an expression."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How a library's arrays are made, and its spelling of each function.

    A spelling is a template of the arguments, {0}, {1}, …; what is not listed keeps its name behind
    the library's own prefix. In an expression, `maximum` is always that of a number and zero.
    """

    prefix: str
    arrays: str
    average: str
    functions: Mapping[str, str]

    def spell(self, expression: str) -> str:
        """The expression in this library's words."""
        return ast.unparse(_Spelling(self).visit(ast.parse(expression, mode="eval")))

    def mean(self, name: str) -> str:
        """The mean of an array of that name."""
        return self.average.format(name)


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


DIALECTS = {
    "NumPy": Dialect(
        prefix="np",
        arrays="",
        average="{0}.mean()",
        functions={
            "softplus": "np.logaddexp({0}, 0)",
            "sigmoid": "1 / (1 + np.exp(-({0})))",
            "entropy": "{0} * np.log(np.where({0} > 0, {0}, 1))",
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
        arrays="y, s = torch.as_tensor(y), torch.as_tensor(s)\n",
        average="{0}.mean()",
        functions={
            "maximum": "torch.relu({0})",
            "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
            "entropy": "torch.special.xlogy({0}, {0})",
            "sum": "({0}).sum(dim=-1)",
            "max": "({0}).amax(dim=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "torch.nn.functional.one_hot({0}.long(), {1})",
            "logsumexp": "torch.logsumexp({0}, dim=-1)",
            "softmax": "torch.softmax({0}, dim=-1)",
        },
    ),
    "Keras": Dialect(
        prefix="keras.ops",
        arrays="keras.config.set_floatx(str(s.dtype))  # else Keras rounds to 32 bits\n"
        "y, s = keras.ops.convert_to_tensor(y), keras.ops.convert_to_tensor(s)\n",
        average="keras.ops.sum({0}) / len({0})",
        functions={
            "maximum": "keras.ops.relu({0})",  # its own maximum rounds to 32 bits
            "softplus": "keras.ops.relu({0}) + keras.ops.log1p(keras.ops.exp(-keras.ops.abs({0})))",
            "entropy": "{0} * keras.ops.log(keras.ops.where({0} > 0, {0}, 1))",
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
        arrays="jax.config.update('jax_enable_x64', True)  # else JAX computes in 32 bits\n"
        "y, s = jnp.asarray(y), jnp.asarray(s)\n",
        average="{0}.mean()",
        functions={
            "softplus": "jax.nn.softplus({0})",
            "sigmoid": "jax.nn.sigmoid({0})",
            "entropy": "jax.scipy.special.xlogy({0}, {0})",
            "sum": "({0}).sum(axis=-1)",
            "max": "({0}).max(axis=-1)",
            "classes": "{0}.shape[-1]",
            "one_hot": "jax.nn.one_hot({0}, {1})",
            "logsumexp": "jax.nn.logsumexp({0}, axis=-1)",
            "softmax": "jax.nn.softmax({0}, axis=-1)",
        },
    ),
}
