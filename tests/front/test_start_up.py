"""What the site reads when it starts, and what it leaves until somebody needs it."""

import json
import subprocess
import sys

import pytest
from django.urls import get_resolver, resolve, reverse
from django.views import View

from aims.views import AimListView
from pace_site.look.pages import page, read_all_pages, view_class_of

# Cryptography is not among them: packages of the sign-in bring it.
HEAVY = [
    "holidays",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "plotly",
    "pptx",
    "pyrage",
    "qrcode",
    "rapidfuzz",
    "scipy",
    "typst",
    "xlsxwriter",
    "yaml",
]
# As `check` and the first request do: the apps, every address and its name, and every file of tags.
STARTED = f"""
import json, sys
import django
django.setup()
from django.core.checks import run_checks
from django.urls import reverse
run_checks()
reverse("home")
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def test_the_site_starts_without_what_only_some_pages_need():
    started = subprocess.run([sys.executable, "-c", STARTED], check=True, capture_output=True, text=True)
    assert json.loads(started.stdout) == []


def test_every_address_leads_to_a_page_that_exists():
    read_all_pages()
    view = resolve(reverse("aims")).func
    assert view_class_of(view) is AimListView
    assert view.view_initkwargs == {}


def test_a_page_of_a_name_that_is_nowhere_says_so():
    with pytest.raises(ImportError, match=r"There is no view aims\.views\.NoSuchView"):
        page("aims.views.NoSuchView").read()


def test_an_address_is_told_by_the_name_of_its_page_without_reading_it():
    lookup = next(each.lookup_str for each in get_resolver().url_patterns if getattr(each, "name", "") == "home")
    assert lookup == "pace_site.front.home.HomeView"
    assert not hasattr(page("pace_site.front.home.HomeView"), "view_class")
    assert issubclass(view_class_of(page("pace_site.front.home.HomeView")), View)
