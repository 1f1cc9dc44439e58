# SPDX-License-Identifier: GPL-2.0
# hb: in-kernel heartbeats. `make help` lists what there is.

KDIR ?= /lib/modules/$(shell uname -r)/build
DEMO_KERNEL ?= qemu-6.12
INTERVAL ?= 10ms
PREFIX ?= /usr/local

all: modules hbctl

help:
	@echo 'make            the module for the running kernel (or KDIR=), and hbctl'
	@echo 'make install    install both (DESTDIR=, PREFIX=$(PREFIX))'
	@echo 'make demo       a cluster in a guest, a death and its report (INTERVAL=1ms)'
	@echo 'make shell      a shell in such a guest'
	@echo 'make test       everything: lint, KUnit, selftests on all kernels'
	@echo 'make test-full  all of it on all kernels and on two with more checks; hours'
	@echo 'make check      the everyday loop: build, KUnit, selftests in one guest'
	@echo 'make fuzz       the parsers and the protocol, with bad input (SECONDS=3600)'
	@echo 'make model      sessions of two nodes and an attacker, all ways; and what hb.ko did'
	@echo 'make simulation clusters in simulated time, and all that may happen (SEEDS=500)'
	@echo 'make coverage   lines and branches of the module that the selftests reach'
	@echo 'make mutants    mistakes planted in the module, and the test that finds each'
	@echo 'make lint       style and consistency'
	@echo 'make ladder     false and true deaths under load (SECONDS_EACH=60)'
	@echo 'make bench-gate instructions per beat and death against the baseline (UPDATE=1: a new one)'
	@echo 'make figures    the figures of the documents, measured, but for those of make ladder'
	@echo 'make bench      hb beside its rivals (QUICK=1: a few minutes)'
	@echo 'make regen      generate the netlink files from the YAML specification'
	@echo 'make clean      remove what was built here (caches stay)'

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(DESTDIR),INSTALL_MOD_PATH=$(abspath $(DESTDIR))) $@

# also with -j
modules_install: modules

hbctl:
	$(MAKE) -C hbctl

install: hbctl modules_install
	$(MAKE) -C hbctl install DESTDIR=$(abspath $(DESTDIR)) PREFIX=$(PREFIX)
	$(if $(DESTDIR),,depmod)

demo shell: guest-tools
demo:
	@tests/guest --quiet --timeout 300 --icount $(DEMO_KERNEL) -- \
		env INTERVAL=$(INTERVAL) bash tests/demo/demo.sh
shell:
	@tests/guest $(DEMO_KERNEL)

# What a guest needs of this tree, with the packages to build it
guest-tools:
	@tests/lib/deps.sh build test
	@$(MAKE) -s -C hbctl
	@$(MAKE) -s -C tests/selftests

test test-full test-checked check lint ladder figures model bench-gate coverage mutants:
	@tests/run $@

# An hour, but five minutes where CI says that it is
fuzz: SECONDS ?= $(if $(CI),300,3600)
fuzz:
	@tests/run fuzz $(SECONDS)

simulation: SEEDS ?= 500
simulation:
	@tests/run simulation $(SEEDS)

bench:
	@tests/bench/run

regen:
	tests/lint/generate.sh "$$(tests/uml/source.sh)" .

clean:
	$(RM) -r build
	$(RM) .*.cmd *.mod* Module.symvers modules.order
	cd kmod && $(RM) *.o *.ko *.mod *.mod.c .*.cmd core/*.o core/.*.cmd

.PHONY: all help modules modules_install hbctl install demo shell guest-tools \
	test test-full test-checked check lint ladder figures model bench bench-gate \
	fuzz simulation coverage mutants \
	regen clean
