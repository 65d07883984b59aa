# SPDX-License-Identifier: GPL-2.0
# The verbs of this project; each prepares all it needs by itself. The modules' own make file
# is Kbuild. See Documentation/testing.rst.

.DEFAULT_GOAL := all
.PHONY: all install uninstall demo check unit lint vm matrix bench soak sim clean distclean help setup

K ?=
T ?=
B ?=
N ?=
SEED ?=
comma := ,
spaced = $(subst $(comma), ,$(1))

ifneq ($(KDIR),)
target := $(KDIR)
else
target := $(KVER)
endif

help:
	@echo 'make                  build the modules for the running kernel (else Debian 6.1), the command too'
	@echo 'make KVER=6.12        ... for a Debian kernel: 6.1, 6.12, 7.2, or debug'
	@echo 'make KDIR=path        ... for any prepared kernel build tree'
	@echo 'make install          install both for the running kernel (KVER, KDIR, DESTDIR, PREFIX)'
	@echo 'make uninstall        take away what make install installed (with the same settings)'
	@echo 'make demo             build, boot a virtual machine, see a packet travel'
	@echo 'make check            every test; the last line counts them'
	@echo 'make check T=vm       one topic (a folder of selftests/, lint or build)'
	@echo 'make check K=stock    one kernel: stock (6.1), debug, 6.12, 7.2, um (7.2 as a program, fast)'
	@echo 'make unit             the unit tests alone, in seconds'
	@echo 'make lint             the static checks alone'
	@echo 'make matrix           build for and test on every kernel'
	@echo 'make vm K=6.12        a root shell in a virtual machine with the modules at hand'
	@echo 'make bench B=nic      compare with the kernel'"'"'s own, in ratios'
	@echo 'make soak T=...       long runs on the debug kernel; SEED=... repeats and resumes one'
	@echo 'make sim N=100        worlds in virtual time, each decided by its seed; SEED=... is the first'
	@echo 'make clean            remove what was built here; distclean: the cache of kernels too'

setup:
	@scripts/setup

all: setup
	@scripts/build $(target)
	@$(MAKE) --no-print-directory -C tools OUT=$(CURDIR)/build/tools

install: setup
	@scripts/install $(target)

uninstall:
	@scripts/install -u $(target)

demo: setup
	@scripts/demo

check: setup
	@KERNELS='$(call spaced,$(K))' scripts/check $(call spaced,$(T))

unit: setup
	@scripts/check unit

lint: setup
	@scripts/check lint

matrix: setup
	@KERNELS='stock 6.12 7.2 debug' scripts/check $(call spaced,$(T))

vm: setup
	@scripts/build $(or $(K),6.1)
	@scripts/vm -k $(or $(K),6.1) shell

bench: setup
	@scripts/bench $(call spaced,$(B))

soak: setup
	@scripts/soak $(call spaced,$(T))

sim: setup
	@scripts/sim $(addprefix -n ,$(N)) $(SEED)

clean:
	rm -rf build

distclean: clean
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/mynet"
