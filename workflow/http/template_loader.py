"""Template loader that renders the constant parts of a template once for each language.

A page has some hundred translated labels, and Django translates and escapes each of them again in every row of a list.
Addresses of static files and of pages without arguments are constant as well: Django looks each of them up again.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.base import FilterExpression, Node, NodeList, Template, TextNode, TokenType, Variable
from django.template.context import Context
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from workflow.templatetags.labels import icon, mark

CONSTANT_TAGS = frozenset({icon, mark})  # their output depends only on their arguments and the language
EMPTY_NODES = (CommentNode, LoadNode)


class ConstantNode(Node):
    """Neighbouring nodes whose output depends on nothing but the language, rendered once for each."""

    child_nodelists = ()

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.origin, self.token = self.nodes[0].origin, self.nodes[0].token
        self.texts: dict[tuple[str | None, bool], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return the output of the nodes, from the second time on without rendering them."""
        key = get_language(), context.autoescape
        text = self.texts.get(key)
        if text is None:
            text = self.texts[key] = self.nodes.render(context)
        return text


class FoldingLoader(base.Loader):
    """Loader whose templates have a `ConstantNode` in place of neighbouring constant nodes."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """Return the compiled template."""
        template = super().get_template(template_name, skip)
        fold_constants(template.nodelist)
        return template


class Loader(cached.Loader, FoldingLoader):
    """Django's cached loader, which folds each template when it compiles it."""


def fold_constants(nodes: NodeList) -> None:
    """Replace neighbouring constant nodes by one node, in this list and in the lists inside its nodes."""
    for node in nodes:
        if isinstance(node, TextNode):
            node.token = None  # a text cannot fail, and its token takes as much memory as a short text
        for inner in _lists_in(node):
            fold_constants(inner)
    folded: list[Node] = []
    constant: list[Node] = []
    for node in (node for node in nodes if not isinstance(node, EMPTY_NODES)):
        if is_constant(node):
            constant.append(node)
            continue
        folded += _folded(constant)
        constant = []
        folded.append(node)
    nodes[:] = folded + _folded(constant)


def is_constant(node: Node) -> bool:
    """Return True if the output of a node depends on nothing but the language."""
    if isinstance(node, TranslateNode):
        return not node.asvar and _is_literal(node.filter_expression) and _is_literal(node.message_context)
    if isinstance(node, BlockTranslateNode):
        plain = all(token.token_type == TokenType.TEXT for token in node.singular)
        varies = node.asvar or node.countervar or node.extra_context or node.plural
        return plain and not varies and _is_literal(node.message_context)
    if type(node) is SimpleNode:
        arguments = [*node.args, *node.kwargs.values()]
        named = node.func in CONSTANT_TAGS and node.target_var is None
        return named and all(_is_literal(argument) for argument in arguments)
    if isinstance(node, StaticNode):
        return node.varname is None and _is_literal(node.path)
    if isinstance(node, URLNode):
        return not (node.args or node.kwargs or node.asvar) and _is_literal(node.view_name)
    return isinstance(node, TextNode)


def _is_literal(expression: FilterExpression | None) -> bool:
    """Return True if an expression is a text or number without filters, or absent."""
    if expression is None:
        return True
    value = expression.var
    return not expression.filters and (value.literal is not None if isinstance(value, Variable) else True)


def _folded(nodes: list[Node]) -> list[Node]:
    """Return the nodes as one, or as they are if they are a single text or none."""
    if all(isinstance(node, TextNode) for node in nodes) and len(nodes) < 2:
        return nodes
    return [ConstantNode(nodes)]


def _lists_in(node: Node) -> Iterator[NodeList]:
    """Yield the lists of nodes inside a node: the branches of a condition, the body of a loop."""
    if isinstance(node, IfNode):
        yield from (inner for _condition, inner in node.conditions_nodelists)
        return
    yield from (
        found for name in node.child_nodelists if isinstance(found := getattr(node, name, None), NodeList)
    )
