"""Runs one program in a fresh interpreter, and puts out of its reach what a program under test has no use for.

Executed once, before the snapshot from which every interpreter starts: what is imported here costs a program nothing.
"""

import asyncio
import bisect, collections, copy, dataclasses, datetime, decimal, fractions, functools, hashlib, heapq  # noqa: E401, F401
import itertools, json, math, operator, os, random, re, statistics, string, sys, time, typing  # noqa: E401, F401

import _testinternalcapi
import posix

_HIDDEN = ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core")

# The interpreter's memory of built-in modules that it has made; JavaScript strikes their names from its table.
for _name in ("_pyodide_core", "_ctypes", "_testinternalcapi", "_testcapi"):
    _testinternalcapi.clear_extension(_name, _name)
sys.modules.pop("_testinternalcapi", None)
del _testinternalcapi, _name


def _audit(event, args):
    # An audit hook cannot be removed. It has constants alone: no variable here could be rebound to switch it off.
    if event == "import":
        if args[0].partition(".")[0] in {"js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "ctypes",
                                         "posix", "sys", "gc", "builtins"}:  # fmt: skip
            raise ImportError("this module is not available in the sandbox")
    elif event in {
        "sys.settrace", "sys.setprofile", "sys.addaudithook", "sys._current_frames", "sys.remote_exec",
        "sys.monitoring.register_callback", "gc.get_objects", "gc.get_referrers", "gc.get_referents",
        "code.__new__", "marshal.load", "marshal.loads", "os.system", "os.exec", "os.posix_spawn", "os.fork",
        "os.forkpty", "subprocess.Popen", "socket.__new__", "socket.connect", "socket.bind", "socket.sendto",
        "socket.sendmsg", "socket.getaddrinfo", "socket.getnameinfo", "socket.gethostbyname",
        "socket.gethostbyaddr",
    }:  # fmt: skip
        raise PermissionError("this call is not available in the sandbox")
    elif event in {"object.__setattr__", "object.__delattr__"} and args[1] == "__code__":
        raise PermissionError("this call is not available in the sandbox")
    elif event.startswith("ctypes."):
        raise PermissionError("this call is not available in the sandbox")


def _sleep(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def _seal():
    """Takes the ways to JavaScript out of the interpreter. What it needs of them itself, it holds in C."""
    for finder in list(sys.meta_path):
        if getattr(finder, "__name__", type(finder).__name__) in ("JsFinder", "WindowsToLinuxPathFinder"):
            sys.meta_path.remove(finder)
            getattr(finder, "jsproxies", {}).clear()
    for name in [name for name in sys.modules if name.partition(".")[0] in _HIDDEN]:
        module = sys.modules.pop(name)
        if isinstance(module, type(sys)):
            vars(module).clear()
    asyncio.set_event_loop(None)
    # The interpreter's own asks JavaScript.
    time.sleep = _sleep
    # A pipe's buffer lies outside the interpreter's memory, where no limit holds.
    for name in ("pipe", "pipe2"):
        for module in (posix, os):
            vars(module).pop(name, None)
    sys.addaudithook(_audit)


def _run(program):
    """True after the program's last statement; otherwise a text: the exception's type and message.

    As lm-eval's code_eval: executed in an empty namespace (so `__name__` is not "__main__"), and a program that exits has
    failed. True is the constant that follows `exec`: a text is returned in every other case, whatever the program made
    of the names used here.
    """
    _seal()
    try:
        exec(compile(program, "<program>", "exec", dont_inherit=True, optimize=0), {})
    except BaseException as error:
        try:
            return f"{type(error).__name__}: {str(error)[:500]}"
        except BaseException:
            return "an exception without a message"
    return True
