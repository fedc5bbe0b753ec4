# vnet: Linux networking as typed at a shell, emulated.
#
#   make            build ./vnet
#   make check      build and run every test that needs no root
#   make install    also uninstall; make deb: a Debian package; make static: a binary that needs nothing
# see CONTRIBUTING.md for the rest.

CC       ?= gcc
AR       ?= ar
PREFIX   ?= /usr/local
BUILD    ?= build
OPT      ?= -O2 -g
WARN     := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -Ilib -I.
CFLAGS   += -std=c11 $(OPT) $(WARN)
# Words that were stored one by one and are loaded as a pair have to reach the cache first: a few
# hundredths of the time that a packet takes.
CFLAGS   += -fno-tree-slp-vectorize
LDLIBS   :=
# A program at a fixed place starts faster: a tenth of what `vnet ip link show` takes is relocation.
# NOPIE= for one at a random place.
NOPIE    ?= $(shell [ "$$(uname -s)" = Linux ] && $(CC) -no-pie -fno-pie -x c -E /dev/null >/dev/null 2>&1 && echo -no-pie)
CFLAGS   += $(if $(NOPIE),-fno-pie)
LDFLAGS  += $(NOPIE) -pthread
LINK      = $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# A packet passes some sixty functions of as many files, whose calls cost a fifth of its time: they are optimised
# together when vnet itself is linked (other programs take the objects as they are). gcc's, with the options above;
# LTO= for none.
ifeq ($(origin LTO),undefined)
LTO := $(shell [ "$(OPT)" = "-O2 -g" ] && $(CC) --version 2>/dev/null | grep -q 'Free Software Foundation' && \
         echo 'int main(void) { return 0; }' | $(CC) -flto=auto -x c -o /dev/null - 2>/dev/null && echo -flto=auto)
endif
PACKET_PATH := lib/base lib/dev lib/inet lib/sim lib/wire cmd/ping

LIB_SRC  := $(sort $(wildcard lib/*.c lib/*/*.c))
CMD_SRC  := $(sort $(filter-out cmd/main.c,$(wildcard cmd/*.c cmd/*/*.c)))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
LESSONS  := $(sort $(wildcard share/lessons/*.md))
obj       = $(patsubst %.c,$(BUILD)/%.o,$(1))
UNIT_BIN := $(patsubst %.c,$(BUILD)/%,$(UNIT_SRC))

.PHONY: all clean
all: $(BUILD)/vnet

$(BUILD)/vnet: $(BUILD)/cmd/main.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(LINK) $(if $(LTO),$(LTO) -w,-fno-lto)

$(PACKET_PATH:%=$(BUILD)/%/%.o): CFLAGS += $(if $(LTO),$(LTO) -ffat-lto-objects)

$(BUILD)/libvnet.a: $(call obj,$(LIB_SRC))
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/libcmd.a: $(call obj,$(CMD_SRC)) $(BUILD)/lessons.o
	rm -f $@ && $(AR) rcs $@ $^

# The lessons are part of the program.
$(BUILD)/lessons.c: $(LESSONS) scripts/embed
	@mkdir -p $(@D)
	scripts/embed $(LESSONS) > $@.new && mv $@.new $@
$(BUILD)/lessons.o: $(BUILD)/lessons.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(LINK) -fno-lto

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(LINK) -fno-lto

$(BUILD)/tests/unify: $(BUILD)/tests/unify.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(LINK) -fno-lto

.PHONY: objs unit
objs: $(BUILD)/cmd/main.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
unit: $(UNIT_BIN)

# ---- tests ----

FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(patsubst %.c,$(BUILD)/%,$(FUZZ_SRC))

# Fuzz targets with a plain driver (random mutations, fixed seed): runs anywhere.
$(FUZZ_BIN): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/driver.o $(BUILD)/libcmd.a $(BUILD)/libvnet.a
	$(LINK) -fno-lto

.PHONY: test-programs check check-asan check-valgrind
test-programs: $(BUILD)/vnet $(BUILD)/tests/unify $(UNIT_BIN) $(FUZZ_BIN)

check:
	@scripts/setup check
	@$(MAKE) --no-print-directory -s test-programs
	@BUILD=$(BUILD) tests/run

# Live, on N random scripts: vnet against this machine's kernel, and LIVE_UML of them against User-mode Linux.
# LIVE: more options of tests/live/run.py (--seed, --shrink, ...).
N        ?= 200
LIVE_UML ?= 0
LIVE     ?=
.PHONY: check-live
check-live: $(BUILD)/vnet $(BUILD)/tests/unify
	@BUILD=$(BUILD) tests/live/run.py -n $(N) $(LIVE)
	@[ $(LIVE_UML) = 0 ] || BUILD=$(BUILD) tests/live/run.py --kernel uml -n $(LIVE_UML) $(LIVE)

# What vnet why finds in WORLDS random broken worlds of seed SEED.
SEED   ?= 1
WORLDS ?= 100
.PHONY: check-why
check-why: $(BUILD)/vnet
	@VNET=$(BUILD)/vnet tests/why-random $(SEED) $(WORLDS)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
# gcc's guesses about what it has instrumented
SANITIZE_WARN := $(if $(findstring clang,$(CC)),,-Wno-format-truncation -Wno-maybe-uninitialized)
# The whole suite; TESTS: words, for those tests only whose names hold one.
TESTS ?=
check-asan:
	@$(MAKE) --no-print-directory -s test-programs BUILD=$(BUILD)/asan OPT="-O1 -g $(SANITIZE) $(SANITIZE_WARN)"
	@BUILD=$(BUILD)/asan CHECKER=asan tests/run $(TESTS)

# A command under valgrind takes a second, so transcripts run in one process each (tests/run).
check-valgrind:
	@$(MAKE) --no-print-directory -s test-programs
	@BUILD=$(BUILD) CHECKER=valgrind tests/run $(TESTS)

# ---- fuzzing with libFuzzer: make fuzz FUZZ_SECONDS=600 ----

FUZZ_SECONDS ?= 60
FUZZ_DIR      = $(BUILD)/fuzz
.PHONY: fuzz fuzz-programs
fuzz-programs:
	@$(MAKE) --no-print-directory -s objs BUILD=$(FUZZ_DIR) CC=clang OPT="-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link"
	@for f in $(patsubst tests/fuzz/%.c,%,$(FUZZ_SRC)); do \
	    clang $(CPPFLAGS) -std=c11 -O1 -g $(SANITIZE) -fno-pie -no-pie -fsanitize=fuzzer -o $(FUZZ_DIR)/$$f tests/fuzz/$$f.c \
	        $(FUZZ_DIR)/libcmd.a $(FUZZ_DIR)/libvnet.a $(LDLIBS) || exit 1; done
fuzz: fuzz-programs
	@for f in $(patsubst tests/fuzz/%.c,%,$(FUZZ_SRC)); do \
	    echo "== $$f: $(FUZZ_SECONDS) s"; mkdir -p $(FUZZ_DIR)/corpus/$$f; \
	    $(FUZZ_DIR)/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	        -artifact_prefix=$(FUZZ_DIR)/ $(FUZZ_DIR)/corpus/$$f $(wildcard tests/fuzz/corpus/$$f) \
	        >$(FUZZ_DIR)/$$f.log 2>&1 || { tail -30 $(FUZZ_DIR)/$$f.log; exit 1; }; \
	    grep -h stat::number_of_executed $(FUZZ_DIR)/$$f.log; done

# ---- quality ----

TIDY_SRC = $(LIB_SRC) $(CMD_SRC) cmd/main.c
HEADERS  = $(wildcard lib/*.h lib/*/*.h cmd/*.h cmd/*/*.h)
.PHONY: lint lint-format lint-tidy lint-cppcheck lint-headers
lint: lint-format lint-headers lint-cppcheck lint-tidy
lint-format:
	@clang-format --dry-run --Werror $(TIDY_SRC) $(HEADERS)
lint-headers: # each header stands by itself
	@for h in $(HEADERS); do echo "#include \"$$h\"" | $(CC) $(CPPFLAGS) $(CFLAGS) -x c -fsyntax-only - || exit 1; done
lint-cppcheck:
	@cppcheck -q -j "$$(nproc 2>/dev/null || echo 2)" --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,portability \
	    --suppressions-list=tests/cppcheck.supp $(CPPFLAGS) lib cmd
lint-tidy:
	@printf '%s\n' $(TIDY_SRC) | xargs -P "$$(nproc 2>/dev/null || echo 2)" -n 8 \
	    sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- $(CPPFLAGS) -std=c11 2>/dev/null' sh

.PHONY: bench demo
bench: $(BUILD)/vnet
	@BUILD=$(BUILD) tests/bench/run

demo:
	@scripts/setup build
	@$(MAKE) --no-print-directory -s $(BUILD)/vnet
	@BUILD=$(BUILD) demo/play

# ---- installing: make install [PREFIX=/usr/local] [DESTDIR=] ----

bindir  = $(DESTDIR)$(PREFIX)/bin
mandir  = $(DESTDIR)$(PREFIX)/share/man
docdir  = $(DESTDIR)$(PREFIX)/share/doc/vnet
compdir = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
.PHONY: install uninstall
install: $(BUILD)/vnet
	install -d $(bindir) $(mandir)/man1 $(mandir)/man5 $(docdir)/examples $(docdir)/lessons $(compdir)
	install -m 755 $(BUILD)/vnet $(bindir)/vnet
	install -m 644 man/*.1 $(mandir)/man1
	install -m 644 man/*.5 $(mandir)/man5
	install -m 644 README.md CHANGELOG.md LICENSE $(docdir)
	install -m 644 examples/* $(docdir)/examples
	install -m 644 $(LESSONS) $(docdir)/lessons
	install -m 644 share/bash-completion/completions/vnet $(compdir)
uninstall:
	rm -f $(bindir)/vnet $(compdir)/vnet
	for page in man/*; do rm -f $(mandir)/man$${page##*.}/$${page##*/}; done
	rm -rf $(docdir)

# ---- packages: a Debian package, a binary that needs nothing ----

.PHONY: deb static
deb: $(BUILD)/vnet
	+@BUILD=$(BUILD) scripts/deb

# libpcap is linked in where the compiler finds one to link statically (Debian's is not: it wants
# D-Bus); else that binary says that expressions and capture files are not for it.
STATIC_CC   ?= $(shell command -v musl-gcc || echo $(CC))
STATIC_PCAP ?= $(shell printf 'int pcap_compile(void); int main(void) { return pcap_compile(); }' | \
                       $(STATIC_CC) -static -x c - -lpcap -o /dev/null 2>/dev/null && echo -lpcap)
static:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/static CC="$(STATIC_CC)" LDFLAGS=-static LDLIBS="$(STATIC_PCAP)" \
	    OPT="-O2 -DVNET_STATIC $(if $(STATIC_PCAP),-DVNET_STATIC_PCAP)" all

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
