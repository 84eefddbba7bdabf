"""POT's compiled simplex without the rest of POT, whose import takes three times as long as the simplex itself.

The package's own first file loads everything it has. So the extension is loaded into an empty package of the same name,
which is taken away again: whoever imports `ot` afterwards gets the whole of it. Of POT's utilities the extension wants one function,
which the simplex never calls; it is looked up when somebody does, and SciPy's spatial part is not loaded for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

_PACKAGE, _FOLDER = "ot", "ot.lp"
_EXTENSION, _UTILITIES = "ot.lp.emd_wrap", "ot.utils"
_LOADING = Lock()


def installed() -> bool:
    """True when the extra `city` is there."""
    return _PACKAGE in sys.modules or find_spec(_PACKAGE) is not None


@cache
def simplex() -> Any:
    """POT's `emd_c_sparse`."""
    with _LOADING:
        if _PACKAGE in sys.modules:
            return import_module(_EXTENSION).emd_c_sparse
        with _empty_packages():
            return import_module(_EXTENSION).emd_c_sparse


def _dist(*given: Any, **named: Any) -> Any:
    """POT's own `dist`, for whoever uses the rest of the extension."""
    return import_module(_UTILITIES).dist(*given, **named)


@contextmanager
def _empty_packages() -> Iterator[None]:
    spec = find_spec(_PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    root = next(iter(spec.submodule_search_locations))
    for name, place in ((_PACKAGE, Path(root)), (_FOLDER, Path(root, "lp"))):
        package = ModuleType(name)
        package.__path__ = [str(place)]
        sys.modules[name] = package
    utilities = ModuleType(_UTILITIES)
    utilities.__dict__["dist"] = _dist
    sys.modules[_UTILITIES] = utilities
    try:
        yield
    finally:
        for name in [one for one in sys.modules if one == _PACKAGE or one.startswith(_PACKAGE + ".")]:
            if name != _EXTENSION:
                del sys.modules[name]
