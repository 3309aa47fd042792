"""The processor that the tools work on: a single one, and all of it."""

import ctypes
import functools
import os
from pathlib import Path


def use_one():
    """To be called in the process of a tool: whatever threads it starts, all run on one processor."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


@functools.cache
def blas_kernels():
    """What OPENBLAS_CORETYPE has to say where OpenBLAS is older than the processor, and so would use the kernels of the
    first that had 64 bits, although there are some for wider registers; else None."""
    if "OPENBLAS_CORETYPE" in os.environ:
        return None
    try:
        core = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
        flags = Path("/proc/cpuinfo").read_text().partition("\nflags")[2].partition("\n")[0].split()
    except (OSError, AttributeError):
        return None
    core.restype = ctypes.c_char_p
    if core() != b"Prescott":
        return None
    return "SkylakeX" if "avx512bw" in flags else "Haswell" if "avx2" in flags else None


def environment():
    """That of a tool: no library starts threads of its own, and BLAS knows the processor."""
    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"]
    result = os.environ | {name: "1" for name in names} | {"JAX_PLATFORMS": "cpu"}
    return result | ({"OPENBLAS_CORETYPE": blas_kernels()} if blas_kernels() else {})
