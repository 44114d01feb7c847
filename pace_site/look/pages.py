"""Pages that are read when somebody first asks for one, so that a command, or a server, starts without all of them.

The addresses of the site name their views by `page("aims.views.AimListView")`. A server that runs for long reads all of
them before it lets anybody in (`read_all_pages`, from gunicorn.conf.py), and its processes share what that takes.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View


class Page:
    """A view that is imported at its first use; whatever Django asks of a view it answers as that view does."""

    def __init__(self, module: str, name: str):
        self.__module__, self.__name__, self.__qualname__ = module, name, name

    def read(self) -> Callable[..., HttpResponseBase]:
        """The view itself; raise `ImportError` where there is none of that name."""
        if "_view" not in self.__dict__:
            found = vars(import_module(self.__module__)).get(self.__name__)
            if found is None:
                raise ImportError(f"There is no view {self.__module__}.{self.__name__}.")
            self._view = found.as_view() if isinstance(found, type) and issubclass(found, View) else found
        return self._view

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.read()(request, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        # Django asks every view for its class when it first makes an address: that would read all of them.
        if name.startswith("__") or name == "view_class":
            raise AttributeError(name)
        return getattr(self.read(), name)


def page(dotted: str) -> Page:
    """The view class, or view, of this dotted name."""
    module, _dot, name = dotted.rpartition(".")
    return Page(module, name)


def view_class_of(view: Callable[..., HttpResponseBase]) -> type[View] | None:
    """The class of a view, also of a page that was not read yet; None for a plain function."""
    return getattr(view.read() if isinstance(view, Page) else view, "view_class", None)


def read_all_pages() -> None:
    """Import every view of the site now."""
    for pattern in _patterns(get_resolver()):
        if isinstance(pattern.callback, Page):
            pattern.callback.read()


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each
